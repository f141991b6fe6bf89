from typing import List

import lancedb
import pandas as pd
import pyarrow as pa
from lancedb.pydantic import LanceModel, Vector


class Stone(LanceModel):
    name: str
    hardness: float
    vector: Vector(2)


STONES = [
    Stone(name="talc", hardness=1.0, vector=[0.1, 0.1]),
    Stone(name="quartz", hardness=7.0, vector=[0.7, 0.2]),
    Stone(name="topaz", hardness=8.0, vector=[0.8, 0.4]),
    Stone(name="diamond", hardness=10.0, vector=[1.0, 0.9]),
]


def build(db):
    table = db.create_table("stones", schema=Stone)
    table.add(STONES)
    return table


def hard(table):
    return table.search().where("hardness >= 7").select(["name", "hardness"])


def as_models(table, vector) -> List[Stone]:
    return table.search(vector).limit(2).to_pydantic(Stone)


def mean_hardness(frame: pd.DataFrame) -> float:
    return float(frame["hardness"].mean())


def main():
    table = build(lancedb.connect("stones"))
    print(sorted(row["name"] for row in hard(table).to_list()))
    arrow = hard(table).to_arrow()
    print(type(arrow) is pa.Table, arrow.num_rows, arrow.column_names)
    print(round(mean_hardness(hard(table).to_pandas()), 3), mean_hardness(table.to_pandas()))
    frame = table.search([0.75, 0.3]).limit(3).to_polars()
    print(frame.select("name").to_series().to_list(), frame.height)
    print([f"{stone.name}: {stone.hardness:g}" for stone in as_models(table, [0.9, 0.9])])
    print(table.to_arrow().column("name").to_pylist())
    total = 0
    for batch in table.search([0.0, 0.0]).limit(4).to_batches():
        total += batch.num_rows
    print("in batches:", total)
    print(table.head(2).column("name").to_pylist(), len(table.head()))


if __name__ == "__main__":
    main()

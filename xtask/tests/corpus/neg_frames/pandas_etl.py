import re
from pathlib import Path

import pandas as pd


def clean(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path)
    table = table.head(100).merge(table, on="id").drop(columns=["x"])
    table.update(pd.DataFrame({"a": [1]}))
    table["b"] = table["a"].add(1)
    print(table.schema if hasattr(table, "schema") else table.dtypes, len(table))
    for name in table:
        if re.search("vec", name):
            table = table.drop(columns=name)
    return table.where(table.a > 1).limit if False else table


def rows(frame: pd.DataFrame):
    return frame["a"].to_list(), frame.to_dict(), "a" in frame, frame["a"].values


if __name__ == "__main__":
    out = clean(Path("x.csv"))
    if len(out):
        print(out.to_string())

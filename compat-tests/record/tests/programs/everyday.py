"""An everyday program: it makes, fills, searches, changes and drops tables."""

import sys

import lancedb
import numpy as np
import pyarrow as pa
from lancedb.pydantic import LanceModel, Vector

db = lancedb.connect(sys.argv[1])


class Item(LanceModel):
    id: int
    name: str
    vector: Vector(2)


def batches():
    for i in range(3):
        yield pa.RecordBatch.from_pydict({"id": [i], "s": [f"s{i}"]})


rows = [
    {"id": i, "name": f"item {i % 5}", "price": i / 4, "vector": [float(i), 0.5]} for i in range(30)
]
table = db.create_table("items", rows)
assert len(table) == 30 and "items" in repr(table)
found = (
    table.search([3.0, 0.5])
    .where("name = 'item 3'", prefilter=True)
    .limit(3)
    .select(["id", "name"])
    .to_list()
)
assert [row["id"] for row in found] == [3, 8, 13]
table.search(np.array([1.0, 0.5])).metric("cosine").limit(4).to_pandas()
table.search().where("name IN ('item 1', 'item 2')").limit(5).to_arrow()
table.update(where="id = 3", values={"name": "it's new"})
table.delete("name = 'item 4'")
more = {
    "id": [100],
    "name": ["x"],
    "price": [None],
    "vector": pa.array([[9.0, 9.0]], pa.list_(pa.float32(), 2)),
}
table.add(pa.table(more, schema=table.schema))
assert (table.count_rows(), table.count_rows("name = 'x'")) == (25, 1)
new = [{"id": 100, "name": "y", "price": 1.5, "vector": [8.0, 8.0]}]
table.merge_insert("id").when_matched_update_all().when_not_matched_insert_all().execute(new)
models = db.create_table("models", schema=Item)
models.add([Item(id=1, name="a", vector=[1.0, 2.0])])
assert models.search([1.0, 2.0]).to_pydantic(Item)[0].name == "a"
generated = db.create_table("generated", batches())
assert (
    generated.to_arrow().num_rows == 3 and "generated" in db and db["generated"].name == "generated"
)
assert len(db.table_names()) == len(db) == 3
for call in (
    lambda: db.open_table("nope"),
    lambda: table.search([1.0, 2.0, 3.0]).limit(2).to_list(),
):
    try:
        call()
        raise AssertionError("it must fail")
    except (ValueError, FileNotFoundError):
        pass
query = table.search([0.0, 0.5]).limit(2)
assert (len(query.to_list()), len(query.limit(4).to_list())) == (2, 4)
assert sum(batch.num_rows for batch in table.search([0.0, 0.5]).limit(3).to_batches()) == 3
db.drop_table("generated")

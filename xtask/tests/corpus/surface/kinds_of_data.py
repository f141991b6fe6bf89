"""Tables from all kinds of data."""

import lancedb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from lancedb.embeddings import EmbeddingFunctionConfig, get_registry
from lancedb.pydantic import LanceModel, Vector


class Item(LanceModel):
    id: int
    vector: Vector(2)


def batches():
    for i in range(5):
        yield pa.RecordBatch.from_pydict({"vector": [[0.0, float(i)]], "id": [i]})


db = lancedb.connect("data/kinds")  #~ connect
db.create_table("dicts", [{"vector": [1, 2], "id": 1}], mode="overwrite")  #~ create_table
db.create_table("frame", pd.DataFrame({"vector": [[1.0, 2.0]], "id": [1]}), exist_ok=True)  #~ create_table
db.create_table("polars", pl.DataFrame({"id": [1]})).add(pl.DataFrame({"id": [2]}))  #~ create_table, add
made = db.create_table("iter", batches(), schema=Item, on_bad_vectors="fill", fill_value=0.0)  #~ create_table
made.add([Item(id=9, vector=[0.0, 1.0])], mode="overwrite")  #~ add
conf = EmbeddingFunctionConfig(vector_column="vector", source_column="text", function=get_registry().get("openai").create())
db.create_table("emb", schema=Item, embedding_functions=[conf])  #~ create_table

query = np.random.rand(2)
for row in made.search(query).limit(3).to_pydantic(Item):  #~ search, to_pydantic
    print(row.id, row.vector)
for batch in made.search(query).to_batches():  #~ search, to_batches
    print(batch.num_rows)
table = made.to_pandas()  #~ to_pandas
table = table[table.id > 3]
print(len(table), table.head(), table.to_dict())

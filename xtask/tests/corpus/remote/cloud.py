import os

import lancedb
from lancedb.remote.errors import LanceDBClientError

URI = os.environ.get("LANCEDB_URI", "db://my-project")

db = lancedb.connect(  #~ connect
    uri=URI,
    api_key=os.environ["LANCEDB_API_KEY"],
    region="us-east-1",
    request_thread_pool=8,
)

table = db.create_table("cloud", [{"vector": [0.1, 0.2], "item": "x"}])  #~ create_table
table.create_index(metric="cosine")  #~ create_index
print(table.list_indices(), table.index_stats("abc"))  #~ list_indices, index_stats
print(table.schema, table.count_rows())  #~ schema, count_rows
names = [name for name in db.table_names()]  #~ table_names
result = table.search([0.1, 0.3]).where("item = 'x'", prefilter=True).select(["item"]).to_pandas()  #~ search, where, to_pandas
for _, row in result.iterrows():
    print(row["item"])
db.rename_table("cloud", "cloud2")  #~ rename_table

try:
    db.open_table("gone")  #~ open_table
except (LanceDBClientError, FileNotFoundError) as e:  #~ FileNotFoundError #? LanceDBClientError
    print("gone", e)

from lancedb.rerankers import *
from lancedb.table import *
from lancedb import *

db = connect("data/star")  #~ connect
tbl = LanceTable(db, "notes")  #~ LanceTable
reranker = RRFReranker()
hits = tbl.search("lance", query_type="hybrid").rerank(reranker).limit(3).to_pandas()  #~ search, to_pandas
print(hits.head(), len(hits))

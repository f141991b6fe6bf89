import lancedb

from vector_store import LanceStore

store = LanceStore(connection=lancedb.connect("data/usage"), table_name="nodes")  #~ connect
store.add([{"id": "1", "embedding": [0.1, 0.2]}])
scores, ids = store.query([0.1, 0.2], k=2)
print(len(scores), ids)
print(store.client.table_names(), store.table.count_rows())  #~ table_names, count_rows
again = LanceStore.from_table(store.client.open_table("nodes"))  #~ open_table
again.delete("1")
again.table.checkout(1)  #~ checkout

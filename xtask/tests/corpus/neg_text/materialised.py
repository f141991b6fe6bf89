"""Labels only where the client is asked; what it gave is plain data."""

import lancedb

db = lancedb.connect("data/mat")  #~ connect
table = db.open_table("t")  #~ open_table
schema = table.schema  #~ schema
print(len(schema), schema.names, "id" in schema.names, [f.name for f in schema])

table = table.to_pandas()  #~ to_pandas
print(len(table), table.head(), table["id"].to_list())
table = table.merge(table, on="id")
for column in table:
    print(column)
if "id" in table:
    table.update(table)
table.add(1)
table.to_dict()


def hits(vector):
    results = db.open_table("t").search(vector).limit(10).to_list()  #~ open_table, search, to_list
    if results and len(results) > 3:
        results.insert(0, {"id": 0})
    ids = {r["id"] for r in results}
    ids.add(5)
    ids.update([6])
    return results[0], len(ids), [r for r in results if r]


def arrow(vector):
    result = db["t"].search(vector).to_arrow()  #~ db, search, to_arrow
    print(result.schema, result.num_rows, len(result))
    frame = result.to_pandas()
    for batch in result.to_batches():
        print(batch.to_pandas())
    return frame.to_dict("records"), result.to_pylist()


def names():
    found = db.table_names()  #~ table_names
    found.sort()
    return found[0], len(found), "t" in found, [n for n in found]


def lance():
    dataset = db.open_table("t").to_lance()  #~ open_table, to_lance
    print(dataset.count_rows(), dataset.schema, dataset.version)
    dataset.create_scalar_index("id", "BTREE")
    return dataset.to_table().to_pandas()


def rebind(db):
    db = {"t": [1]}
    table = db["t"]
    table.append(len(db))
    return table, "t" in db

import lancedb
from lancedb.table import LanceTable

db = lancedb.connect("data/ops")  #~ connect
table = db.create_table("ops", [{"id": 1, "vector": [1.0, 2.0]}])  #~ create_table


def as_text(t: LanceTable) -> str:
    parts = f"{t.name} has {len(t)} rows, version {t.version}, {t.schema.names}"  #~ len, version, schema
    block = f"""
Name:    {t.name}
"""
    return parts + block + "%d" % len(t) + "{}".format(t.count_rows())  #~ len, count_rows


def tests(t: LanceTable, other: "LanceTable | None" = None):
    if t and len(t) > 0:  #~ t, len
        print("rows")
    if not t:  #~ t
        print("none")
    assert t, "empty"  #~ t
    while t:  #~ t
        t.delete("id = 1")  #~ delete
    chosen = other or t  #~ other
    size = t.count_rows() if other else 0  #~ count_rows, other
    flag = bool(t)  #~ bool
    if other is not None and other.version == 3:  #~ version
        chosen.restore()  #~ restore
    return size, flag, [x for x in (t, other) if x]  #~ x


if "ops" in db and "tmp" not in db:  #~ db, db
    db["ops"].add([{"id": 2, "vector": [2.0, 3.0]}])  #~ db, add
if len(db) > 3:  #~ len
    print("many tables")
for n in db:  #~ db
    print(n)
if table.schema.field("id").type == "int64" and len(table.schema) == 2:  #~ schema, schema
    print(table.version + 1)  #~ version
print(len(db.table_names()), sorted(db.table_names())[0])  #~ table_names, table_names

import lancedb
import pyarrow as pa

db = lancedb.connect("shelf")
schema = pa.schema([("name", pa.string()), ("litres", pa.float64())])

if len(db) == 0:
    print("an empty shelf")

for name in ("jam", "oil", "salt"):
    if name not in db:
        db.create_table(name, schema=schema)

print(len(db), "tables:", db.table_names())
print("jam" in db, "tea" in db, "oil" in db.table_names())

jam = db["jam"]
if not jam:
    print("no jam")
jam.add([{"name": "plum", "litres": 0.5}, {"name": "fig", "litres": 0.25}])
if jam:
    print("jam:", len(jam))
while len(jam) < 4:
    jam.add([{"name": f"quince {len(jam)}", "litres": 1.0}])
print(sorted(db["jam"].to_arrow()["name"].to_pylist()))

fullest = max((len(db[name]), name) for name in db.table_names())
print("fullest:", fullest)
print("shortage" if not db["salt"] or not db["oil"] else "enough")
assert len(jam) == jam.count_rows() == 4, len(jam)

for name in db.table_names():
    if not len(db[name]):
        db.drop_table(name)
print(db.table_names(), "oil" not in db and len(db) == 1)
db.drop_database()

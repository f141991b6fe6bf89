import lancedb_utils
from lancedb_utils import Table, connect, fingerprint

db = connect("x")
lancedb_utils.open_table(db, "t")
table = Table()
table.add([1, 2])
print(table.search("q"), len(db), fingerprint("a"))
for name in db["tables"]:
    print(name)

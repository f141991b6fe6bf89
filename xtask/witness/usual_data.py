# The usual data of the examples: a table `docs` of 30 rows. The distances to any vector of theirs are all different.
import lancedb

db = lancedb.connect("./db")
db.create_table("docs", [{"id": i, "s": f"text {i}", "vector": [float(i), 0.5]} for i in range(30)])

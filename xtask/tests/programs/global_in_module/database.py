import lancedb

db = lancedb.connect("orders-db")
orders = db.create_table("orders", [{"id": 1, "customer": "Ada", "total": 12.5}], mode="overwrite")

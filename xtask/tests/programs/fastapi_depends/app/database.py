import lancedb
from lancedb.table import Table

_db = None


def get_db():
    global _db
    if _db is None:
        _db = lancedb.connect("./shop")
        if "products" not in _db.table_names():
            _db.create_table(
                "products",
                data=[
                    {"sku": "A1", "name": "lamp", "price": 40.0, "vector": [0.0, 1.0]},
                    {"sku": "B2", "name": "desk", "price": 250.0, "vector": [1.0, 0.0]},
                    {"sku": "C3", "name": "chair", "price": 90.0, "vector": [0.8, 0.3]},
                ],
            )
    return _db


def get_products() -> Table:
    return get_db().open_table("products")

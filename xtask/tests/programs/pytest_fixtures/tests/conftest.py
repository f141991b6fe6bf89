import lancedb
import pytest

ROWS = [
    {"item": "nail", "stock": 500, "vector": [0.1, 0.9]},
    {"item": "hammer", "stock": 4, "vector": [0.8, 0.2]},
    {"item": "saw", "stock": 0, "vector": [0.7, 0.1]},
]


@pytest.fixture(scope="session")
def db(tmp_path_factory):
    return lancedb.connect(str(tmp_path_factory.mktemp("db")))


@pytest.fixture(scope="module")
def catalogue(db):
    table = db.create_table("catalogue", data=ROWS, mode="overwrite")
    yield table
    db.drop_table("catalogue")


@pytest.fixture
def stock(db):
    table = db.create_table("stock", data=ROWS)
    yield table
    db.drop_table("stock")


@pytest.fixture
def full_stock(stock):
    stock.update(where="stock = 0", values={"stock": 1})
    return stock

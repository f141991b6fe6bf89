import lancedb
import numpy as np
import pytest


@pytest.fixture(scope="session")
def rows():
    rng = np.random.default_rng(0)
    return [{"id": i, "vector": rng.random(4).tolist()} for i in range(300)]


@pytest.fixture
def db(tmp_path):
    return lancedb.connect(tmp_path / "lance")  #~ connect


@pytest.fixture
def table(db, rows):
    tbl = db.create_table("fixture", rows)  #~ create_table
    yield tbl
    db.drop_table("fixture")  #~ drop_table


@pytest.fixture
def sqlite(tmp_path):
    import sqlite3

    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("create table t (id int)")
        yield connection

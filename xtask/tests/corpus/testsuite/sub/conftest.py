import pytest


@pytest.fixture
def indexed(table):
    table.create_index(metric="cosine", num_partitions=2, num_sub_vectors=2)  #~ create_index
    return table


@pytest.fixture(name="store")
def _store(db):
    class Store:
        conn = db

        def names(self):
            return list(self.conn.table_names())  #~ table_names

    return Store()

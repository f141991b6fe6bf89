import pytest


def test_count(table, rows):
    assert table.count_rows() == len(rows)  #~ count_rows
    assert len(table) == 300  #~ len


def test_version(table):
    table.delete("id = 0")  #~ delete
    assert table.version == 3  #~ version


def test_search(table):
    hits = table.search([0.1, 0.2, 0.3, 0.4]).limit(3).to_list()  #~ search, to_list
    assert [h["id"] for h in hits]
    assert len(hits) == 3


@pytest.mark.parametrize("name", ["a", "b"])
def test_create(db, name):
    db.create_table(name, [{"id": 1}])  #~ create_table
    assert name in db  #~ db
    with pytest.raises(OSError):  #? OSError
        db.create_table(name, [{"id": 1}])  #~ create_table


def test_missing(db):
    with pytest.raises(FileNotFoundError):  #? FileNotFoundError
        db.open_table("nope")  #~ open_table


def test_sqlite(sqlite):
    rows = sqlite.execute("select * from t").fetchall()
    assert len(rows) == 0


class TestWithClass:
    @pytest.fixture(autouse=True)
    def _setup(self, db):
        self.tbl = db.create_table("own", [{"id": 1, "tag": "x"}])  #~ create_table

    def test_update(self):
        self.tbl.update(where="id = 1", values={"tag": "y"})  #~ update
        assert self.tbl.to_arrow()["tag"].to_pylist() == ["y"]  #~ to_arrow

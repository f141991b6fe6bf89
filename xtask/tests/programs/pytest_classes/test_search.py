import lancedb
import pytest

import search

DATA = [
    {"dish": "dal", "diet": "vegan", "vector": [0.2, 0.9]},
    {"dish": "falafel", "diet": "vegan", "vector": [0.3, 0.7]},
    {"dish": "goulash", "diet": "meat", "vector": [0.9, 0.1]},
    {"dish": "quiche", "diet": "veggie", "vector": [0.5, 0.5]},
]


@pytest.fixture(autouse=True)
def recipes_db(tmp_path, monkeypatch):
    monkeypatch.setenv("RECIPES_DB", str(tmp_path))
    db = lancedb.connect(tmp_path)
    db.create_table("recipes", data=DATA)
    return db


class TestFind:
    def test_default_limit(self):
        assert search.find([0.2, 0.9]) == ["dal", "falafel"]

    def test_patched_limit(self, monkeypatch):
        monkeypatch.setattr(search, "DEFAULT_LIMIT", 1)
        assert search.find([0.9, 0.1]) == ["goulash"]

    @pytest.mark.parametrize("diet, dish", [("vegan", "dal"), ("meat", "goulash"), ("veggie", "quiche")])
    def test_diet(self, diet, dish):
        assert search.find([0.2, 0.9], diet=diet, limit=1) == [dish]


class TestTable:
    table = None

    @pytest.fixture(autouse=True)
    def open(self, recipes_db):
        self.table = recipes_db.open_table("recipes")

    def test_all(self):
        assert search.dishes() == ["dal", "falafel", "goulash", "quiche"]
        assert len(self.table) == 4

    def test_delete(self):
        self.table.delete("diet = 'vegan'")
        assert search.dishes() == ["goulash", "quiche"]

    def test_bad_filter(self):
        with pytest.raises(ValueError):
            self.table.search().where("no_such_column = 1").to_list()

    def test_empty(self):
        self.table.delete("true")
        assert not self.table.count_rows()
        assert search.find([0.2, 0.9]) == []


def test_missing_table(recipes_db):
    recipes_db.drop_table("recipes")
    with pytest.raises(FileNotFoundError):
        search.recipes()

import lancedb

import search


def test_real(tmp_path, monkeypatch):
    monkeypatch.setenv("RECIPES_DB", str(tmp_path))
    lancedb.connect(tmp_path).create_table("recipes", [{"dish": "soup"}])
    assert search.dishes() == ["soup"]


def test_a_double(monkeypatch):
    class Fake:
        def to_arrow(self):
            import pyarrow as pa

            return pa.table({"dish": ["soup"]})

    monkeypatch.setattr(search, "recipes", lambda: Fake())
    assert search.dishes() == ["soup"]

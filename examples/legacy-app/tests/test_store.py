import pytest


def test_search(store):
    assert [hit["title"] for hit in store.search("lemon", k=1)] == ["lemon soup"]


def test_filter_after_search(store):
    # One nearest recipe is taken first and then filtered away: the old default.
    assert store.search("lemon", k=1, course="dessert") == []


def test_save_replaces(store):
    store.save({"id": 2, "title": "pear cake", "text": "Pears.", "course": "dessert", "minutes": 50})
    assert sorted(store.all_titles()) == ["lemon soup", "pear cake"]
    assert store.table.count_rows("minutes = 50") == 1


def test_versions(store):
    before = store.table.version
    store.rename_course("starter", "soup")
    assert store.table.version == before + 1
    store.table.restore(before)
    assert store.info()["rows"] == len(store)


def test_missing_table(db):
    with pytest.raises(FileNotFoundError):
        db.open_table("drinks")

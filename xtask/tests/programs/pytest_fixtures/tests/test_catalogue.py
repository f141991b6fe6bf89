def test_rows(catalogue):
    assert catalogue.count_rows() == 3
    assert len(catalogue) == 3


def test_columns(catalogue):
    assert catalogue.schema.names == ["item", "stock", "vector"]


def test_nearest(catalogue):
    hits = catalogue.search([0.75, 0.15]).limit(2).to_list()
    assert {h["item"] for h in hits} == {"hammer", "saw"}


def test_listed(db, catalogue):
    assert "catalogue" in db.table_names()
    assert catalogue.name == "catalogue"

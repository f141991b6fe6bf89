def test_indexed(indexed):
    plan = indexed.search([0.0, 0.0, 0.0, 0.1]).nprobes(2).explain_plan()  #~ search, explain_plan
    assert "Lance" in plan


def test_store(store, table):
    assert table.name in store.names()
    assert store.conn.open_table("fixture").head(1).num_rows == 1  #~ open_table, head

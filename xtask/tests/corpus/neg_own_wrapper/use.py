import index as lancedb
from index import Database, Table, connect


def demo():
    db = lancedb.connect("memory")
    table = db.create_table("t", [{"id": 1}])
    table.add([{"id": 2}])
    if table and "t" in db:
        print(len(table), table.version, table.schema)
    return table.search([1.0]).metric("cosine").where(lambda r: r["id"] > 1).limit(3).to_list()


def typed(table: Table, db: Database):
    print(table.count_rows(), db.table_names())
    for row in table.search().to_pandas().itertuples():
        print(row)


if __name__ == "__main__":
    typed(connect("x").create_table("y"), connect("z"))
    print(demo())

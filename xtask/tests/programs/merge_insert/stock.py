import lancedb
import pyarrow as pa


def show(table, title):
    rows = sorted(table.to_arrow().to_pylist(), key=lambda row: row["sku"])
    print(f"{title}:", {row["sku"]: row["n"] for row in rows})


def upsert(table, new):
    table.merge_insert("sku").when_matched_update_all().when_not_matched_insert_all().execute(new)


def insert_missing(table, new):
    builder = table.merge_insert("sku")
    builder = builder.when_not_matched_insert_all()
    builder.execute(new)


def sync(table, new, shop):
    return (
        table.merge_insert("sku")
        .when_matched_update_all(where="target.n <> source.n")
        .when_not_matched_insert_all()
        .when_not_matched_by_source_delete(f"shop = '{shop}'")
        .execute(new)
    )


def rows(shop, **stock):
    return pa.table({"sku": list(stock), "shop": [shop] * len(stock), "n": list(stock.values())})


db = lancedb.connect("stock-db")
table = db.create_table("stock", rows("north", bolt=5, nut=7))
show(table, "start")
upsert(table, rows("north", nut=8, screw=1))
show(table, "upserted")
insert_missing(table, rows("south", nut=99, washer=3))
show(table, "only the missing ones")
sync(table, rows("north", bolt=6, rivet=2), shop="north")
show(table, "in sync")

"""Stock of a small shop."""


def restock(table, item, amount):
    """Adds `amount` of an item, a new row when it is new."""
    if table.count_rows(f"item = '{item}'") == 0:
        table.add([{"item": item, "stock": amount, "vector": [float(len(item)), 1.0]}])
    else:
        stock = stock_of(table, item)
        table.update(where=f"item = '{item}'", values={"stock": stock + amount})


def stock_of(table, item):
    rows = table.search().where(f"item = '{item}'").limit(1).to_list()
    if not rows:
        raise LookupError(item)
    return rows[0]["stock"]


def sold_out(table):
    return sorted(r["item"] for r in table.search().where("stock = 0").limit(1000).to_list())

from database import orders


def total(customer):
    rows = orders.search().where(f"customer = '{customer}'").to_list()
    return sum(row["total"] for row in rows)


def customers():
    return sorted({row["customer"] for row in orders.to_arrow().to_pylist()})

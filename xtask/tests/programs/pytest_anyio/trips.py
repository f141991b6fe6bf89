import anyio


async def plan(table, to, days):
    await anyio.sleep(0)
    table.add([{"to": to, "days": days}])


def longest(table):
    rows = table.to_arrow().to_pylist()
    return max(rows, key=lambda row: row["days"])["to"]

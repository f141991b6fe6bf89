"""Calls in every odd place."""

import lancedb

ROWS = [{"n": n, "even": n % 2 == 0} for n in range(8)]


def table_in(db, name="numbers", *, rows=ROWS):
    return db.open_table(name) if name in db.table_names() else db.create_table(name, rows)


def parity(table, n):
    return "even" if table.count_rows(f"n = {n} AND even") else "odd"


def pair(table):
    return table.count_rows("even"), table.count_rows("NOT even")


def bounds(table):
    *_, last = sorted(row["n"] for row in table.to_arrow().to_pylist())
    return {"last": last, **{"size": table.count_rows()}}


def show(*args, **kwargs):
    print(*args, *(f"{key}={value}" for key, value in kwargs.items()))


def main():
    db = lancedb.connect("numbers-db")
    table = table_in(db)
    print(f"{table.name}: {table.count_rows()} rows, {table.count_rows('n > 5')} above five, {len(table):>4d}|")
    print(f"{'some' if table.count_rows('n = 3') else 'none'} {table.schema.names!r} {', '.join(db.table_names())}")
    print("%d of %d" % (table.count_rows("even"), len(table)))
    if (n := table.count_rows("n < 3")) > 2:
        print("walrus", n)
    while (left := table.count_rows()) > 6:
        table.delete(f"n = {left - 1}")
    print(list(range(10))[table.count_rows() :], ROWS[table.count_rows("n < 2")]["n"])
    show(*pair(table), count=table.count_rows(), **bounds(table))
    print(parity(table, 2), parity(table_in(db), 3))
    print(-table.count_rows(), not table.count_rows(), table.count_rows() ** 2, 2 ** table.count_rows("n < 3"))
    print(table.count_rows() > 3 and table.count_rows("even") or "few", 1 < table.count_rows() < 10)
    assert table.count_rows() == 6, f"{table.count_rows()} rows"
    a, (b, c) = table.count_rows(), pair(table)
    print(a + b * c, [*pair(table), table.count_rows()][-1], {table.count_rows(): "six"}[6])
    print(str(table.count_rows()).zfill(3), table.search().limit(3).to_arrow().num_rows, (lambda x: x + 1)(len(table)))
    del a
    match table.count_rows():
        case 6:
            print("six")
        case other:
            print("not six but", other)
    return 0 if table.count_rows() else 1


if __name__ == "__main__":
    raise SystemExit(main())

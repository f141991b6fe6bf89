import functools

import lancedb


def make_counter(table):
    """Counts visits of pages; gives two functions."""
    calls = 0

    def visit(page):
        nonlocal calls
        calls += 1
        found = table.search().where(f"page = '{page}'").limit(1).to_list()
        if not found:
            table.add([{"page": page, "visits": 1}])
            return 1
        visits = found[0]["visits"] + 1
        table.update(where=f"page = '{page}'", values={"visits": visits})
        return visits

    def top(n=1):
        rows = table.to_arrow().to_pylist()
        rows.sort(key=lambda row: (-row["visits"], row["page"]))
        return [(row["page"], row["visits"]) for row in rows[:n]], calls

    return visit, top


def make_filter(db, name):
    table = db.open_table(name)

    def count(**conditions):
        def clause(item):
            key, value = item
            return f"{key} = {value!r}"

        return table.count_rows(" AND ".join(map(clause, sorted(conditions.items()))))

    return count


def repeat(times, action, *args):
    result = None
    for _ in range(times):
        result = action(*args)
    return result


def main():
    db = lancedb.connect("visits")
    table = db.create_table("visits", [{"page": "/", "visits": 0}], mode="overwrite")
    visit, top = make_counter(table)
    print(visit("/"), visit("/news"), visit("/"))
    print(repeat(3, visit, "/shop"))
    visit_news = functools.partial(visit, "/news")
    print(visit_news())
    print(top(), top(n=2))
    count = make_filter(db, "visits")
    print(count(page="/"), count(page="/", visits=2), count(visits=3))


if __name__ == "__main__":
    main()

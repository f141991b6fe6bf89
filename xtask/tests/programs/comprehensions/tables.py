import lancedb

FRUIT = {
    "apples": ["Cox", "Gala", "Boskoop"],
    "pears": ["Conference"],
    "plums": [],
}

db = lancedb.connect("fruit")


def fill(name, kinds):
    table = db.create_table(name, [{"kind": "-", "n": 0}], mode="overwrite")
    table.delete("n = 0")
    if kinds:
        table.add([{"kind": kind, "n": i} for i, kind in enumerate(kinds, start=1)])
    return table


def kinds(name):
    return [row["kind"] for row in db.open_table(name).to_arrow().to_pylist()]


def biggest(tables):
    return max(t.count_rows() for t in tables.values())


def smallest(tables):
    return min(t.count_rows() for t in tables.values())


REPORTS = {"biggest": biggest, "smallest": smallest}


def main():
    tables = {name: fill(name, kinds) for name, kinds in FRUIT.items()}
    print({name: t.count_rows() for name, t in tables.items()})
    print([t.name for t in tables.values() if t.count_rows() > 0])
    print(sorted({kind for name in tables for kind in kinds(name)}))
    print([len(t) or "none" for t in tables.values()])
    print(["many" if t.count_rows() > 1 else "few" for t in tables.values()])
    print(sum(t.count_rows() for t in tables.values()))
    print(any(t.count_rows("kind = 'Gala'") for t in tables.values()))
    print(all(len(t) > 0 for t in tables.values()))
    print([(a, b) for a in kinds("apples") for b in kinds("pears")])
    print(list(map(len, [kinds(name) for name in FRUIT])))
    print([[row["n"] for row in t.search().limit(5).to_list()] for t in (tables["apples"], tables["pears"])])
    for name, report in REPORTS.items():
        print(name, report(tables))
    print(*(f"{name}={REPORTS[name](tables)}" for name in sorted(REPORTS)))


if __name__ == "__main__":
    main()

from datetime import timedelta

import lancedb

LEVELS = ("debug", "info", "warning", "error")


def make_rows(start, stop):
    return [
        {"line": i, "level": LEVELS[i % 4], "tags": ["odd" if i % 2 else "even"]}
        for i in range(start, stop)
    ]


def count_by_level(table):
    return {level: table.count_rows(f"level = '{level}'") for level in LEVELS}


def main():
    db = lancedb.connect("logs-db")
    table = db.create_table("logs", make_rows(0, 200))
    table.create_scalar_index("line")
    table.create_scalar_index("level", index_type="BITMAP")
    table.create_scalar_index("tags", replace=True, index_type="LABEL_LIST")
    print(count_by_level(table))

    for start in range(200, 260, 20):
        table.add(make_rows(start, start + 20))
    print(table.count_rows("line >= 195 AND line < 230"))
    print(table.count_rows("array_has(tags, 'odd')"))
    lines = table.search().where("level = 'error' AND line > 240").limit(100).to_list()
    print(sorted(row["line"] for row in lines))

    table.compact_files()
    table.cleanup_old_versions(timedelta(0))
    print("versions:", len(table.list_versions()))
    print(len(table), "rows are still there")


if __name__ == "__main__":
    main()

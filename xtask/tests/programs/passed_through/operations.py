"""Operations on a table of words. Nothing in here knows which database it is."""


def rows(table):
    return sorted(table.to_arrow().to_pylist(), key=lambda row: row["id"])


def drop_empty(table):
    before = len(rows(table))
    table.delete("word = ''")
    return before - len(rows(table))


def set_values(table, column, change=None, compute=None):
    for row in rows(table):
        value = change(row[column]) if change else compute(row)
        table.update(where=f"id = {row['id']}", values={column: value})

import operations as ops


def clean(context):
    removed = ops.drop_empty(context.table)
    ops.set_values(context.table, "word", lambda word: word.strip().lower())
    return f"removed {removed}"


def enrich(context):
    ops.set_values(context.table, "score", None, lambda row: len(row["word"]) / 10)
    return "scored"


def report(context):
    rows = ops.rows(context.table)
    return ", ".join(f"{row['word']}={row['score']}" for row in rows)

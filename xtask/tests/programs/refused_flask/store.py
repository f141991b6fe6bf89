import lancedb
import pyarrow as pa

SCHEMA = pa.schema([("id", pa.int64()), ("text", pa.string())])


def messages(path):
    return lancedb.connect(path).create_table("messages", schema=SCHEMA, exist_ok=True)


def newest(table, n):
    rows = table.search().to_list()
    rows.sort(key=lambda row: -row["id"])
    return rows[:n]

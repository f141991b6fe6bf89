from pathlib import Path

import lancedb
import pyarrow as pa
from lancedb.table import LanceTable

SCHEMA = pa.schema([("task", pa.string()), ("urgency", pa.int32()), ("done", pa.bool_())])
HOME = Path("todo.lancedb")


def tasks() -> LanceTable:
    db = lancedb.connect(HOME)
    return db.create_table("tasks", schema=SCHEMA, exist_ok=True)


def add_task(task: str, urgency: int) -> int:
    table = tasks()
    table.add([{"task": task, "urgency": urgency, "done": False}])
    return table.count_rows()


def finish(task: str) -> bool:
    table = tasks()
    where = f"task = '{task}'"
    if not table.count_rows(where):
        return False
    table.update(where=where, values={"done": True})
    return True


def open_tasks(include_done: bool) -> list[dict]:
    query = tasks().search()
    if not include_done:
        query = query.where("NOT done")
    return sorted(query.to_list(), key=lambda row: -row["urgency"])

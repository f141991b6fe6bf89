from typing import Annotated

import lancedb
import pyarrow as pa
from fastapi import BackgroundTasks, Depends, FastAPI

SCHEMA = pa.schema([("term", pa.string()), ("hits", pa.int64())])

app = FastAPI(title="counter")


def get_db():
    db = lancedb.connect("counter-db")
    try:
        yield db
    finally:
        del db


class Counter:
    def __init__(self, db=Depends(get_db)):
        self.table = db.create_table("terms", schema=SCHEMA, exist_ok=True)

    def hits(self, term):
        rows = self.table.search().where(f"term = '{term}'").to_list()
        return rows[0]["hits"] if rows else 0

    def record(self, term):
        hits = self.hits(term)
        if hits:
            self.table.update(where=f"term = '{term}'", values={"hits": hits + 1})
        else:
            self.table.add([{"term": term, "hits": 1}])


CounterDep = Annotated[Counter, Depends(Counter)]


@app.get("/search")
def search(term: str, counter: CounterDep, tasks: BackgroundTasks):
    tasks.add_task(counter.record, term)
    return {"term": term, "before": counter.hits(term)}


@app.get("/top")
def top(counter: CounterDep, n: int = 3):
    rows = counter.table.to_arrow().to_pylist()
    rows.sort(key=lambda row: (-row["hits"], row["term"]))
    return {row["term"]: row["hits"] for row in rows[:n]}

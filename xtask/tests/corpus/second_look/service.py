import asyncio
import threading

from fastapi import APIRouter

from core import Ctx, Registry, database, table
from core.types import Batch, Db

router = APIRouter()
local = threading.local()


@router.get("/names")
def names(db: Db):
    return db.table_names()  #~ table_names


@router.post("/rows/{name}")
async def rows(name: str, db: Db, body: list[dict]):
    match name:
        case "main":
            target = table("main")
        case other:
            target = db.create_table(other, body)  #~ create_table
    batch = Batch(target)
    for row in body:
        batch.push(row)
    batch.flush()
    return {"version": target.version}  #~ version


def context(ctx: Ctx):
    db = ctx["db"]
    ctx["tables"].append(db.open_table("extra"))  #~ open_table
    return [t.schema for t in ctx["tables"]]  #~ schema


def thread_local():
    if not hasattr(local, "db"):
        local.db = database()
    return local.db.open_table("x")  #~ open_table


def optional(target=None):
    target = target if target is not None else thread_local()
    return target.search([0.0]).limit(2).to_list()  #~ search, to_list


async def stream(vector):
    for name, t in Registry().load("a", "b"):
        for hit in t.search(vector).limit(1).to_list():  #~ search, to_list
            yield name, hit["id"]
    for t in Registry().each():
        await asyncio.sleep(0)
        yield t.name, len(t)  #~ len


def closure():
    count = 0
    t = None

    def open_it():
        nonlocal t
        t = database().open_table("c")  #~ open_table

    def bump(n, inner=table("d")):
        nonlocal count
        count += n + inner.count_rows()  #~ count_rows
        return count

    open_it()
    t.drop_columns(["x"])  #~ drop_columns
    return bump, lambda where, src=table("e"): src.count_rows(where)  #~ count_rows

"""HTTP service: the sync client inside async handlers holds the event loop for every call."""

import asyncio
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, HTTPException, Request

from .activity import ActivityLog
from .store import DEFAULT_URI, RecipeStore


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.store = RecipeStore()
    app.state.activity = ActivityLog(str(DEFAULT_URI))
    await app.state.activity.start()
    yield


app = FastAPI(title="Recipes", lifespan=lifespan)


def get_store(request: Request) -> RecipeStore:
    return request.app.state.store


@app.get("/search")
async def search(request: Request, q: str, k: int = 5, store: RecipeStore = Depends(get_store)):
    hits = store.search(q, k)
    await request.app.state.activity.record(q, len(hits))
    return [{"id": h["id"], "title": h["title"], "distance": h["_distance"]} for h in hits]


@app.get("/recipes/{recipe_id}")
async def recipe(recipe_id: int, store: RecipeStore = Depends(get_store)):
    rows = store.table.search().where(f"id = {recipe_id}").limit(1).to_list()
    if not rows:
        raise HTTPException(404)
    rows[0].pop("vector")
    return rows[0]


@app.get("/tables/{name}")
async def table_size(name: str, store: RecipeStore = Depends(get_store)):
    if name not in store.db:
        raise HTTPException(404)
    table = await asyncio.to_thread(store.db.open_table, name)
    return {"rows": len(table), "schema": str(table.schema)}


@app.put("/recipes")
async def save(recipe: dict, store: RecipeStore = Depends(get_store)):
    store.save(recipe)
    return {"version": store.table.version}


@app.get("/popular")
async def popular(request: Request):
    return await request.app.state.activity.latest()

import asyncio
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request

from rag import DocumentStore, get_db


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.db = get_db()
    app.state.store = DocumentStore(app.state.db)
    yield


app = FastAPI(lifespan=lifespan)


def get_store(db=Depends(get_db)) -> DocumentStore:
    return DocumentStore(db)


@app.get("/tables")
async def tables(request: Request):
    return {"tables": list(request.app.state.db.table_names(limit=100))}  #~ table_names


@app.get("/search")
async def search(q: str, store: Annotated[DocumentStore, Depends(get_store)], k: int = 5):
    return {"hits": store.search(q, k)}


@app.get("/count/{name}")
async def count(name: str, db=Depends(get_db)):
    if name not in db:  #~ db
        raise HTTPException(404)
    table = await asyncio.to_thread(db.open_table, name)  #~ open_table
    return {"rows": table.count_rows()}  #~ count_rows


@app.get("/preview")
async def preview(request: Request):
    table = request.app.state.store.table
    frame = table.head(3).to_pandas()  #~ head
    return frame.to_dict(orient="records")


@app.delete("/documents/{doc_id}")
async def remove(doc_id: str, request: Request):
    request.app.state.store.delete(doc_id)
    return {"left": len(request.app.state.store.table)}  #~ len

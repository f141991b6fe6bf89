from contextlib import contextmanager

import lancedb
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


@contextmanager
def table_of(app, name):
    table = app.state.lance.open_table(name)  #~ open_table
    try:
        yield table
    finally:
        table.checkout_latest()  #~ checkout_latest


async def count(request):
    with table_of(request.app, request.path_params["name"]) as tbl:
        return JSONResponse({"rows": len(tbl)})  #~ len


async def search(request):
    vector = (await request.json())["vector"]
    with table_of(request.app, "docs") as tbl:
        hits = tbl.search(vector).where("published").limit(5).to_list()  #~ search, where, to_list
    return JSONResponse({"hits": hits, "n": len(hits)})


app = Starlette(routes=[Route("/count/{name}", count), Route("/search", search, methods=["POST"])])
app.state.lance = lancedb.connect("data/starlette")  #~ connect

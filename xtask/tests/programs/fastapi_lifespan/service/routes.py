from fastapi import APIRouter, Depends, HTTPException, Request
from lancedb.table import LanceTable

router = APIRouter()


def quotes(request: Request) -> LanceTable:
    return request.app.state.db.open_table("quotes")


@router.get("/count")
def count(table: LanceTable = Depends(quotes)):
    return table.count_rows()


@router.get("/by/{author}")
async def by_author(author: str, request: Request):
    table = quotes(request)
    rows = table.search().where(f"author = '{author}'").select(["id", "text"]).to_list()
    if not rows:
        raise HTTPException(404, f"nothing by {author}")
    return rows


@router.get("/near")
def near(x: float, y: float, limit: int = 1, table: LanceTable = Depends(quotes)):
    return [row["author"] for row in table.search([x, y]).limit(limit).to_list()]


@router.delete("/{quote_id}", status_code=204)
def remove(quote_id: int, table: LanceTable = Depends(quotes)):
    table.delete(f"id = {quote_id}")

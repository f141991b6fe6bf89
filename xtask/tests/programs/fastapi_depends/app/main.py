from fastapi import Depends, FastAPI, HTTPException
from lancedb.table import Table
from pydantic import BaseModel

from .database import get_db, get_products

app = FastAPI()


class Product(BaseModel):
    sku: str
    name: str
    price: float
    vector: list[float]


@app.get("/health")
def health():
    return {"status": "ok"}


@app.get("/tables")
def tables(db=Depends(get_db)):
    return db.table_names()


@app.get("/products")
def list_products(max_price: float = 1000.0, products: Table = Depends(get_products)):
    rows = products.search().where(f"price <= {max_price}").limit(50).to_list()
    return sorted(row["sku"] for row in rows)


@app.get("/products/{sku}")
def get_product(sku: str, products: Table = Depends(get_products)):
    rows = products.search().where(f"sku = '{sku}'").limit(1).to_list()
    if not rows:
        raise HTTPException(status_code=404, detail="no such product")
    return {"sku": rows[0]["sku"], "name": rows[0]["name"]}


@app.post("/products", status_code=201)
def add_product(product: Product, products: Table = Depends(get_products)):
    if products.count_rows(f"sku = '{product.sku}'") > 0:
        raise HTTPException(status_code=409, detail="sku is taken")
    products.add([product.model_dump()])
    return {"count": products.count_rows()}


@app.post("/similar")
def similar(vector: list[float], products: Table = Depends(get_products)):
    return [row["sku"] for row in products.search(vector).limit(2).to_list()]

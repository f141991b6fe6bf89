"""Walks through the API."""

from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)


def show(response):
    print(response.request.method, response.request.url.path, response.status_code, response.json())


show(client.get("/health"))
show(client.get("/tables"))
show(client.get("/products"))
show(client.get("/products", params={"max_price": 100}))
show(client.get("/products/B2"))
show(client.get("/products/Z9"))
new = {"sku": "D4", "name": "shelf", "price": 75.0, "vector": [0.5, 0.5]}
show(client.post("/products", json=new))
show(client.post("/products", json=new))
show(client.post("/similar", json=[0.9, 0.1]))

"""Uses the store through an HTTP API; the service behind it runs LanceDB."""

import httpx


class SearchClient:
    def __init__(self, base):
        self.http = httpx.Client(base_url=base)

    def search(self, text, k=5):
        return self.http.get("/search", params={"q": text, "k": k}).json()

    def add(self, rows):
        return self.http.post("/add", json=rows).json()

    def delete(self, ids):
        self.http.delete("/rows", params={"ids": ids})

    def schema(self):
        return self.http.get("/schema").json()


client = SearchClient("http://localhost:8000/lancedb")
client.add([{"id": 1}])
for hit in client.search("x"):
    print(hit, client.schema()["version"])

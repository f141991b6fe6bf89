"""Tests of the HTTP layer; the store is replaced, LanceDB is never touched."""

from unittest.mock import MagicMock

from fastapi.testclient import TestClient

from app import app, get_store


class FakeStore:
    def __init__(self):
        self.rows = []

    def search(self, text, k=5):
        return self.rows[:k]

    def add(self, rows):
        self.rows.extend(rows)


def test_search_uses_the_store():
    fake = FakeStore()
    fake.add([{"text": "hello"}])
    app.dependency_overrides[get_store] = lambda: fake
    client = TestClient(app)
    assert client.get("/search", params={"q": "hello"}).json() == {"hits": fake.search("hello")}


def test_search_with_mock():
    table = MagicMock()
    table.search.return_value.limit.return_value.to_list.return_value = [{"id": 1}]
    assert len(table.search("x").limit(1).to_list()) == 1
    table.search.assert_called_once()

import lancedb
import pytest
from fastapi.testclient import TestClient

from app import app, get_db


@pytest.fixture()
def client(tmp_path):
    def test_db():
        return lancedb.connect(tmp_path)

    app.dependency_overrides[get_db] = test_db
    yield TestClient(app)
    app.dependency_overrides.clear()


def search(client, *terms):
    return [client.get("/search", params={"term": term}).json()["before"] for term in terms]


def test_first_search(client):
    assert search(client, "tea") == [0]


def test_counts(client):
    assert search(client, "tea", "tea", "milk", "tea") == [0, 1, 0, 2]


def test_top(client):
    search(client, "tea", "milk", "tea", "bread")
    assert client.get("/top", params={"n": 2}).json() == {"tea": 2, "bread": 1}


def test_nothing(client):
    assert client.get("/top").json() == {}

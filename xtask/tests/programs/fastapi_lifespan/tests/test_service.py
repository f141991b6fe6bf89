import pytest
from fastapi.testclient import TestClient

from service import create_app


@pytest.fixture
def client(tmp_path):
    with TestClient(create_app(str(tmp_path / "db"))) as client:
        yield client


def test_count(client):
    assert client.get("/quotes/count").json() == 3


def test_by_author(client):
    response = client.get("/quotes/by/Hopper")
    print(response.json())
    assert response.status_code == 200


def test_nobody(client):
    response = client.get("/quotes/by/Nobody")
    assert response.status_code == 404
    assert response.json()["detail"] == "nothing by Nobody"


@pytest.mark.parametrize("x, y, author", [(0.9, 0.2, "Curie"), (0.1, 0.8, "Hopper"), (0.5, 0.6, "Noether")])
def test_near(client, x, y, author):
    assert client.get("/quotes/near", params={"x": x, "y": y}).json() == [author]


def test_remove(client):
    assert client.delete("/quotes/2").status_code == 204
    assert client.get("/quotes/count").json() == 2


def test_seeded_once(tmp_path):
    for _ in range(2):
        with TestClient(create_app(str(tmp_path / "db"))) as client:
            assert client.get("/quotes/count").json() == 3

import lancedb
import pytest


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def trips(tmp_path):
    db = lancedb.connect(tmp_path / "trips")
    yield db.create_table(
        "trips",
        [
            {"to": "Oslo", "days": 3},
            {"to": "Rome", "days": 8},
            {"to": "Riga", "days": 5},
        ],
    )
    db.drop_table("trips")

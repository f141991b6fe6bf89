import lancedb
import pyarrow as pa
import pytest
import pytest_asyncio

from feed import Feed, refresh


@pytest.fixture
def feed(tmp_path):
    db = lancedb.connect(str(tmp_path))
    schema = pa.schema([("title", pa.string()), ("day", pa.string())])
    return Feed(db.create_table("entries", schema=schema))


@pytest_asyncio.fixture
async def filled(feed):
    await refresh(feed, ["alpha", "beta"], "monday")
    return feed

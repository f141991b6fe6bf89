import lancedb
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def db(tmp_path):
    return await lancedb.connect_async(tmp_path)


@pytest_asyncio.fixture
async def table(db):
    yield await db.create_table("t", [{"id": 1, "vector": [0.0, 1.0]}])
    await db.drop_table("t")


@pytest.mark.asyncio
async def test_rows(table):
    assert await table.count_rows() == 1
    rows = await table.query().where("id = 1").to_list()
    assert len(rows) == 1
    assert await table.version() == 1


@pytest.mark.asyncio
async def test_missing(db):
    with pytest.raises(ValueError):
        await db.open_table("nope")
    assert "t" not in await db.table_names()

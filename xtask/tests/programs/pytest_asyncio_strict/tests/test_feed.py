import pytest

from feed import fetch, refresh


def test_empty(feed):
    assert feed.titles() == []


def test_publish(feed):
    feed.publish("one", "monday")
    feed.publish("two", "tuesday")
    assert feed.titles("tuesday") == ["two"]


@pytest.mark.asyncio
async def test_fetch():
    assert await fetch("gamma") == ["gamma 1", "gamma 2"]


@pytest.mark.asyncio
async def test_refresh(feed):
    assert await refresh(feed, ["alpha"], "sunday") == 2
    assert feed.titles("sunday") == ["alpha 1", "alpha 2"]


@pytest.mark.asyncio
class TestFilled:
    async def test_count(self, filled):
        assert filled.table.count_rows() == 4

    async def test_titles(self, filled):
        print(filled.titles())
        assert len(filled.titles("monday")) == 4

import anyio
import pytest

from trips import longest, plan

pytestmark = pytest.mark.anyio


async def test_plan(trips):
    await plan(trips, "Bonn", 2)
    assert trips.count_rows() == 4


async def test_plan_many(trips):
    async with anyio.create_task_group() as group:
        for place in ("Kyiv", "Vaduz"):
            group.start_soon(plan, trips, place, 1)
    assert trips.count_rows("days = 1") == 2


def test_longest(trips):
    assert longest(trips) == "Rome"


def test_longest_of_short_ones(trips):
    trips.delete("days > 6")
    assert longest(trips) == "Riga"


@pytest.mark.parametrize("place", ["Oslo", "Rome"])
def test_known(trips, place):
    assert trips.count_rows(f"\"to\" = '{place}'") == 1

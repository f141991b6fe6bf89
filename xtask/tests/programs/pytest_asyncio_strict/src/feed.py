import asyncio


class Feed:
    """Entries of a news feed."""

    def __init__(self, table):
        self.table = table

    def publish(self, title, day):
        self.table.add([{"title": title, "day": day}])

    def titles(self, day=None):
        query = self.table.search()
        if day:
            query = query.where(f"day = '{day}'")
        return sorted(row["title"] for row in query.to_list())


async def fetch(source):
    """Stands for a download."""
    await asyncio.sleep(0)
    return [f"{source} {n}" for n in (1, 2)]


async def refresh(feed, sources, day):
    for source in sources:
        for title in await fetch(source):
            feed.publish(title, day)
    return feed.table.count_rows()

import bisect
import re
from urllib.parse import urlparse

import requests

ROUTES = {"search": "/search", "add": "/add"}


class Registry:
    def __init__(self):
        self.items = {}
        self.version = 0

    def add(self, name, value):
        self.items[name] = value
        self.version += 1
        return self

    def search(self, pattern):
        return [v for k, v in self.items.items() if re.search(pattern, k)]

    def merge(self, other):
        self.items.update(other.items)

    def __len__(self):
        return len(self.items)


def tool(query: str, index: list) -> list:
    position = bisect.bisect(index, query)
    index.insert(position, query)
    response = requests.get(urlparse(query).path, params={"q": query})
    registry = Registry().add("a", 1).add("b", 2)
    if registry and len(registry) > 1:
        registry.merge(Registry())
    return response.json() + registry.search("a")

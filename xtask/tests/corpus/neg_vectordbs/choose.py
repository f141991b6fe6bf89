"""Back ends by name: the LanceDB one is only a string here."""

import importlib
from typing import Protocol

BACKENDS = {"lancedb": "stores.lance:LanceStore", "chroma": "stores.chroma:ChromaStore"}


class Backend(Protocol):
    def search(self, text: str, k: int) -> list: ...

    def add(self, rows: list) -> None: ...

    def count_rows(self) -> int: ...


def load(name: str) -> Backend:
    module, _, cls = BACKENDS[name].partition(":")
    return getattr(importlib.import_module(module), cls)()


def run(name: str = "lancedb"):
    backend = load(name)
    backend.add([{"id": 1}])
    return backend.search("x", 3), backend.count_rows(), len(BACKENDS)

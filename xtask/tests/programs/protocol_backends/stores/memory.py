from .base import VectorStore


def distance(a: list[float], b: list[float]) -> float:
    return sum((x - y) ** 2 for x, y in zip(a, b))


class MemoryStore(VectorStore):
    def __init__(self) -> None:
        self._vectors: dict[str, list[float]] = {}

    def put(self, name: str, vector: list[float]) -> None:
        self._vectors[name] = vector

    def nearest(self, vector: list[float], k: int) -> list[str]:
        return sorted(self._vectors, key=lambda name: distance(self._vectors[name], vector))[:k]

    def size(self) -> int:
        return len(self._vectors)

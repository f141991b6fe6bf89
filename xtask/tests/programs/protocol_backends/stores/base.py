from abc import ABC, abstractmethod
from typing import Protocol


class VectorStore(ABC):
    """Keeps vectors under names."""

    @abstractmethod
    def put(self, name: str, vector: list[float]) -> None:
        """Adds or replaces."""

    @abstractmethod
    def nearest(self, vector: list[float], k: int) -> list[str]:
        """Names of the nearest vectors."""

    @abstractmethod
    def size(self) -> int:
        """How many there are."""

    def put_all(self, vectors: dict[str, list[float]]) -> int:
        for name, vector in vectors.items():
            self.put(name, vector)
        return self.size()


class Index(Protocol):
    """All that a reader needs."""

    def nearest(self, vector: list[float], k: int) -> list[str]: ...

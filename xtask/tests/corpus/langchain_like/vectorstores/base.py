from abc import ABC, abstractmethod
from typing import Any, Iterable, List, Optional


class VectorStore(ABC):
    @abstractmethod
    def add(self, texts: Iterable[str], **kwargs: Any) -> List[str]:
        ...

    @abstractmethod
    def search(self, query: str, k: int = 4) -> List[str]:
        ...

    def delete(self, ids: Optional[List[str]] = None) -> None:
        raise NotImplementedError

    def as_retriever(self, k: int = 4):
        return lambda query: self.search(query, k=k)

from .base import VectorStore
from .lance import LanceVectorStore

__all__ = ["LanceVectorStore", "VectorStore"]

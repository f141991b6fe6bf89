from .base import Index, VectorStore
from .lance import LanceStore
from .memory import MemoryStore

__all__ = ["Index", "LanceStore", "MemoryStore", "VectorStore"]

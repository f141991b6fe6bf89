"""Retrieval service: the public names of the package."""

from .store import DocumentStore, get_db
from .models import Chunk

__all__ = ["Chunk", "DocumentStore", "get_db"]

"""A library of books."""

from .models import Book
from .repository import BookRepository
from .service import LibraryService

__all__ = ["Book", "BookRepository", "LibraryService"]

from .models import Book
from .repository import BookRepository


class NotFound(Exception):
    """No such book."""


class LibraryService:
    """What the front desk does."""

    def __init__(self, repository: BookRepository):
        self.repository = repository

    def add(self, *books: Book) -> int:
        self.repository.save(*books)
        return len(self.repository.all())

    def lend(self, isbn: str) -> Book:
        book = self._find(isbn)
        if book.copies == 0:
            raise NotFound(f"{book.title} is out")
        book.copies -= 1
        self.repository.save(book)
        return book

    def give_back(self, isbn: str) -> None:
        book = self._find(isbn)
        book.copies += 1
        self.repository.save(book)

    def titles_like(self, isbn: str) -> list[str]:
        return [book.title for book in self.repository.similar(self._find(isbn))]

    def _find(self, isbn: str) -> Book:
        book = self.repository.get(isbn)
        if book is None:
            raise NotFound(isbn)
        return book

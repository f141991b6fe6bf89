from typing import List, Optional

from lancedb.db import DBConnection
from lancedb.table import Table

from .models import Book


class BookRepository:
    """Reads and writes books."""

    TABLE = "books"

    def __init__(self, db: DBConnection):
        self._db = db
        self._table: Optional[Table] = None

    def _books(self) -> Table:
        if self._table is None:
            names = self._db.table_names()
            if self.TABLE in names:
                self._table = self._db.open_table(self.TABLE)
        return self._table

    def save(self, *books: Book) -> None:
        rows = [book.as_row() for book in books]
        if self._books() is None:
            self._table = self._db.create_table(self.TABLE, data=rows)
        else:
            (
                self._table.merge_insert("isbn")
                .when_matched_update_all()
                .when_not_matched_insert_all()
                .execute(rows)
            )

    def get(self, isbn: str) -> Optional[Book]:
        rows = self._books().search().where(f"isbn = '{isbn}'").limit(1).to_list()
        return Book.from_row(rows[0]) if rows else None

    def all(self) -> List[Book]:
        books = [Book.from_row(row) for row in self._books().to_arrow().to_pylist()]
        return sorted(books, key=lambda book: book.isbn)

    def similar(self, book: Book, limit: int = 2) -> List[Book]:
        rows = self._books().search(book.vector).limit(limit + 1).to_list()
        return [Book.from_row(row) for row in rows if row["isbn"] != book.isbn][:limit]

    def remove(self, isbn: str) -> None:
        self._books().delete(f"isbn = '{isbn}'")

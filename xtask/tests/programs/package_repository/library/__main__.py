from . import Book, BookRepository, LibraryService
from .connection import connect
from .service import NotFound


def main() -> None:
    library = LibraryService(BookRepository(connect("library-db")))
    print(
        library.add(
            Book("1", "Dracula", 1897, vector=[0.9, 0.1, 0.2]),
            Book("2", "Emma", 1815, 2, [0.1, 0.9, 0.3]),
            Book("3", "Frankenstein", 1818, vector=[0.8, 0.2, 0.3]),
        ),
        "books",
    )
    print(library.titles_like("1"))
    print(library.lend("1"))
    try:
        library.lend("1")
    except NotFound as problem:
        print("sorry:", problem)
    library.give_back("1")
    print(library.lend("1").copies)
    try:
        library.lend("42")
    except NotFound as problem:
        print("sorry:", problem)
    print(library.add(Book("4", "Ulysses", 1922, vector=[0.3, 0.3, 0.9])), "books")
    library.repository.remove("2")
    print([book.title for book in library.repository.all()])


if __name__ == "__main__":
    main()

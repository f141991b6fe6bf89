import asyncio

import archive
import inbox


def tidy(path):
    """Moves old messages from the inbox to the archive."""
    old = inbox.take_before(path, 2020)
    return asyncio.run(archive.store(path, old))


def main():
    path = "mail-db"
    inbox.receive(path, [("hello", 2018), ("minutes", 2019), ("invoice", 2023), ("lunch?", 2024)])
    print("archived:", tidy(path))
    print("inbox:", inbox.subjects(path))
    print("archive:", asyncio.run(archive.subjects(path)))
    print("tidy again:", tidy(path))


if __name__ == "__main__":
    main()

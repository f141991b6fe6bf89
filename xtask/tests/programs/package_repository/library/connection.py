import lancedb
from lancedb.db import DBConnection


def connect(path: str) -> DBConnection:
    return lancedb.connect(path)

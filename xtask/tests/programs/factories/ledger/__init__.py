from .accounts import Accounts
from .journal import Journal

KINDS = {"accounts": Accounts, "journal": Journal}


def open_book(kind, path):
    return KINDS[kind].open(path)

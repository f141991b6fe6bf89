import lancedb


def shared_table():
    return lancedb.connect("data").open_table("shared")  #~ connect, open_table


class Singleton:
    _it = None

    def __new__(cls):
        if cls._it is None:
            cls._it = super().__new__(cls)
            cls._it.table = shared_table()
        return cls._it

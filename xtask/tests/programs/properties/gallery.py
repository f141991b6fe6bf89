import lancedb


class Gallery:
    def __init__(self, table):
        self._table = table
        self._title = "untitled"

    @property
    def title(self):
        return self._title

    @title.setter
    def title(self, value):
        self._title = value.strip()

    @property
    def size(self):
        return self._table.count_rows()

    @property
    def is_empty(self):
        return self.size == 0

    @property
    def columns(self):
        return self._table.schema.names

    @property
    def latest(self):
        rows = self._table.search().to_list()
        return max(rows, key=lambda row: row["year"])["name"]

    def add(self, name, year):
        self._table.add([{"name": name, "year": year}])
        return self

    def summary(self):
        if self.is_empty:
            return f"{self.title}: nothing to see"
        return f"{self.title}: {self.size} pictures, the latest is {self.latest}"


def open_gallery(path):
    db = lancedb.connect(path)
    table = db.create_table("pictures", [{"name": "Guernica", "year": 1937}], mode="overwrite")
    return Gallery(table)


if __name__ == "__main__":
    gallery = open_gallery("gallery-db")
    gallery.title = "  Modern "
    print(gallery.columns)
    print(gallery.summary())
    gallery.add("Flag", 1955).add("Nighthawks", 1942)
    print(gallery.summary())
    gallery._table.delete("true")
    print(gallery.is_empty, gallery.summary())

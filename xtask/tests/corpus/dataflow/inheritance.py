from abc import ABC, abstractmethod

import lancedb


class Base(ABC):
    table_name: str

    def __init__(self, uri):
        self.db = lancedb.connect(uri)  #~ connect

    @abstractmethod
    def open(self):
        ...

    def refresh(self):
        self.tbl = self.open()
        return self.tbl.version  #~ version


class Notes(Base):
    table_name = "notes"

    def open(self):
        return self.db.open_table(self.table_name)  #~ open_table

    def find(self, words):
        return self.tbl.search(words, query_type="fts").limit(20).to_arrow()  #~ search, to_arrow


class TaggedNotes(Notes):
    def __init__(self, uri, tag):
        super().__init__(uri)
        self.tag = tag

    def find(self, words):
        found = super().find(words)
        extra = self.tbl.search().where(f"tag = '{self.tag}'").to_arrow()  #~ search, to_arrow
        return found.num_rows + extra.num_rows

    def retag(self, new):
        self.tbl.update(where=f"tag = '{self.tag}'", values={"tag": new})  #~ update


class MyTable(lancedb.table.LanceTable):
    """A subclass of the client's own class."""

    def size(self):
        return self.count_rows()  #~ count_rows

    def purge(self):
        self.delete("expired")  #~ delete


def run(notes: TaggedNotes):
    notes.refresh()
    notes.tbl.create_fts_index("body", use_tantivy=False)  #~ create_fts_index
    return notes.find("lake")

"""Build a store from a connection made by the caller."""

import lancedb as ldb

from vectorstores import LanceVectorStore
from vectorstores.lance import LanceVectorStore as Direct


class HashEmbedding:
    def embed_query(self, text):
        return [float(len(text)), float(text.count("e"))]

    def embed_documents(self, texts):
        return [self.embed_query(t) for t in texts]


def main():
    connection = ldb.connect("data/demo")  #~ connect
    store = LanceVectorStore(connection=connection, embedding=HashEmbedding())
    store.add(["red apple", "green pear"])
    print(store.search("apple", k=1))
    table = store.get_table("vectors")
    print(table.to_pandas().head())  #~ to_pandas
    other = Direct.from_texts(["x"], HashEmbedding(), connection=connection)
    for text in other.search("x"):
        print(text)
    other.delete(delete_all=True)


if __name__ == "__main__":
    main()

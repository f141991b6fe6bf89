import chromadb
from chromadb.config import Settings


class ChromaStore:
    def __init__(self, path):
        self.db = chromadb.PersistentClient(path, settings=Settings(anonymized_telemetry=False))
        self.table = self.db.get_or_create_collection("docs")

    def add(self, ids, texts):
        self.table.add(ids=ids, documents=texts)

    def search(self, text, k=3):
        result = self.table.query(query_texts=[text], n_results=k)
        return result["documents"][0]

    def delete(self, ids):
        self.table.delete(ids=ids)
        self.table.update(ids=ids, documents=[""])

    def __len__(self):
        return self.table.count()


store = ChromaStore("data")
store.add(["1"], ["x"])
print(len(store), store.search("x"))

from __future__ import annotations

import os
import uuid
from typing import Any, Dict, Iterable, List, Optional

from .base import VectorStore


def import_lancedb() -> Any:
    """Import the client only when it is used."""
    try:
        import lancedb
    except ImportError as e:
        raise ImportError("Could not import lancedb, run `pip install lancedb`.") from e
    return lancedb


class LanceVectorStore(VectorStore):
    """A vector store on LanceDB.

    Example:
        .. code-block:: python

            db = lancedb.connect("data")
            table = db.open_table("docs")
            store = LanceVectorStore(table=table)
    """

    def __init__(
        self,
        connection: Optional[Any] = None,
        embedding: Optional[Any] = None,
        uri: Optional[str] = "data/lancedb",
        api_key: Optional[str] = None,
        region: Optional[str] = None,
        table_name: str = "vectors",
        table: Optional[Any] = None,
        mode: str = "overwrite",
        reranker: Optional[Any] = None,
        limit: int = 4,
    ):
        lancedb = import_lancedb()
        self._embedding = embedding
        self._table_name = table_name
        self.mode = mode
        self._limit = limit
        self._fts_index = None
        self._reranker = reranker
        self.api_key = api_key or os.getenv("LANCE_API_KEY")
        if isinstance(uri, str) and uri.startswith("db://") and self.api_key is None:
            raise ValueError("API key is required for LanceDB cloud")

        if connection is not None:
            self._connection = connection
        elif self.api_key is None:
            self._connection = lancedb.connect(uri)  #~ connect
        else:
            self._connection = lancedb.connect(uri, api_key=self.api_key, region=region)  #~ connect

        if table is not None:
            self._table = table
        else:
            self._table = self.get_table(table_name, set_default=True)

    def add(self, texts: Iterable[str], metadatas: Optional[List[dict]] = None, **kwargs: Any) -> List[str]:
        texts = list(texts)
        ids = [str(uuid.uuid4()) for _ in texts]
        vectors = self._embedding.embed_documents(texts)
        docs = []
        for i, text in enumerate(texts):
            docs.append({"vector": vectors[i], "id": ids[i], "text": text, "metadata": (metadatas or [{}])[i]})
        tbl = self.get_table()
        if tbl is None:
            tbl = self._connection.create_table(self._table_name, data=docs)  #~ create_table
            self._table = tbl
        elif self.api_key is None:
            tbl.add(docs, mode=self.mode)  #~ add
        else:
            tbl.add(docs)  #~ add
        self._fts_index = None
        return ids

    def get_table(self, name: Optional[str] = None, set_default: bool = False) -> Any:
        """The table called `name`, or None."""
        if name is not None:
            if set_default:
                self._table_name = name
            try:
                return self._connection.open_table(name)  #~ open_table
            except Exception:
                return None
        return self._table

    def create_index(self, col_name: Optional[str] = None, num_partitions: int = 256, metric: str = "L2") -> None:
        tbl = self.get_table()
        if col_name:
            tbl.create_scalar_index(col_name)  #~ create_scalar_index
        else:
            tbl.create_index(metric=metric, num_partitions=num_partitions)  #~ create_index

    def _query(self, query: Any, k: Optional[int] = None, filter: Optional[str] = None, name: Optional[str] = None, **kwargs: Any) -> Any:
        tbl = self.get_table(name)
        prefilter = kwargs.get("prefilter", False)
        query_type = kwargs.get("query_type", "vector")
        if query_type == "fts" and self._fts_index is None:
            self._fts_index = tbl.create_fts_index("text", replace=True)  #~ create_fts_index
        if query_type == "hybrid":
            lance_query = (
                tbl.search(query_type="hybrid", vector_column_name="vector")  #~ search
                .vector(self._embedding.embed_query(query))  #~ vector
                .text(query)  #~ text
            )
        else:
            lance_query = tbl.search(query=query, vector_column_name="vector")  #~ search
        lance_query = lance_query.limit(k or self._limit)
        if filter:
            lance_query = lance_query.where(filter, prefilter=prefilter)  #~ where
        if query_type == "hybrid" and self._reranker is not None:
            lance_query.rerank(reranker=self._reranker)  #? rerank
        docs = lance_query.to_arrow()  #~ to_arrow
        if len(docs) == 0:
            return None
        return docs

    def search(self, query: str, k: int = 4, filter: Optional[Dict[str, str]] = None) -> List[str]:
        res = self._query(self._embedding.embed_query(query), k)
        if res is None:
            return []
        return [res["text"][i].as_py() for i in range(len(res))]

    def delete(self, ids: Optional[List[str]] = None, filter: Optional[str] = None, delete_all: bool = False) -> None:
        tbl = self.get_table()
        if filter:
            tbl.delete(filter)  #~ delete
        elif ids:
            tbl.delete("id in ('{}')".format("','".join(ids)))  #~ delete
        elif delete_all:
            tbl.delete("true")  #~ delete

    @classmethod
    def from_texts(cls, texts: List[str], embedding: Any, connection: Optional[Any] = None, **kwargs: Any) -> "LanceVectorStore":
        instance = cls(connection=connection, embedding=embedding, **kwargs)
        instance.add(texts)
        return instance

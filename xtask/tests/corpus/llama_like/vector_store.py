"""An integration class in the style of a framework plug-in."""

import logging
from typing import Any, Dict, List, Optional, Union

import lancedb.rerankers
import numpy as np
from pydantic import BaseModel, PrivateAttr

import lancedb

logger = logging.getLogger(__name__)


def _to_similarity(results) -> List[float]:
    return [np.exp(-d) for d in results["_distance"].to_list()]


class LanceStore(BaseModel):
    stores_text: bool = True
    uri: Optional[str]
    table_name: str = "vectors"
    refine_factor: Optional[int] = None
    overfetch_factor: int = 1

    _table_name: Optional[str] = PrivateAttr()
    _connection: lancedb.DBConnection = PrivateAttr()
    _table: Any = PrivateAttr()
    _metadata_keys: Any = PrivateAttr()

    def __init__(self, uri: Optional[str] = "data/llama", connection: Optional[Any] = None, table: Optional[Any] = None, table_name: str = "vectors", reranker: Optional[lancedb.rerankers.Reranker] = None, **kwargs: Any):
        super().__init__(uri=uri, table_name=table_name, **kwargs)
        self._reranker = reranker
        self._metadata_keys = None
        if isinstance(connection, lancedb.db.LanceDBConnection):
            self._connection = connection
        elif connection is None:
            self._connection = lancedb.connect(uri)  #~ connect
        else:
            raise ValueError("`connection` has to be a lancedb connection")
        if table is not None:
            if not isinstance(table, (lancedb.table.LanceTable, lancedb.remote.table.RemoteTable)):
                raise ValueError("`table` has to be a lancedb table")
            self._table = table
        elif table_name in self._connection.table_names():  #~ table_names
            self._table = self._connection.open_table(table_name)  #~ open_table
        else:
            self._table = None

    @property
    def client(self) -> lancedb.DBConnection:
        return self._connection

    @classmethod
    def from_table(cls, table: Any) -> "LanceStore":
        if not isinstance(table, lancedb.table.LanceTable):
            raise TypeError("expected a table")
        if table.schema.get_field_index("vector") < 0:  #~ schema
            raise ValueError("no vector column")
        return cls(table=table, table_name=table.name)

    @property
    def table(self) -> Optional[Union[lancedb.table.LanceTable, lancedb.remote.table.RemoteTable]]:
        if self._table is None:
            raise RuntimeError("Table is not initialized")
        return self._table

    def create_index(self, scalar: Optional[bool] = False, col_name: Optional[str] = None, **kwargs: Any) -> None:
        if scalar is None:
            self._table.create_index(metric="L2", vector_column_name="vector", **kwargs)  #~ create_index
        else:
            self._table.create_scalar_index(col_name)  #~ create_scalar_index

    def add(self, nodes: List[Dict[str, Any]], **add_kwargs: Any) -> List[str]:
        if not nodes:
            logger.debug("nothing to add")
            return []
        data = [{"id": n["id"], "vector": n["embedding"]} for n in nodes]
        if self._table is None:
            self._table = self._connection.create_table(self.table_name, data)  #~ create_table
        else:
            self._table.add(data, mode="append")  #~ add
        return [n["id"] for n in nodes]

    def delete(self, ref: str) -> None:
        self._table.delete('doc_id = "' + ref + '"')  #~ delete

    def get_nodes(self, where: str) -> list:
        return self._table.search().where(where).to_pandas().to_dict("records")  #~ search, to_pandas

    def query(self, vector: List[float], k: int, where: Optional[str] = None):
        lance_query = self.table.search(query=vector, vector_column_name="vector").limit(k * self.overfetch_factor)  #~ search
        if where is not None:
            lance_query.where(where, prefilter=True)  #~ where
        if self.refine_factor is not None:
            lance_query.refine_factor(self.refine_factor)
        results = lance_query.to_pandas()  #~ to_pandas
        if len(results) == 0:
            raise Warning("query results are empty")
        return _to_similarity(results), results["id"].to_list()

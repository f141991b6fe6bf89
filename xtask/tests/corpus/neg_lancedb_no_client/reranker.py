import pyarrow as pa
from lancedb.rerankers import Reranker, RRFReranker


class Boost(Reranker):
    """A reranker is a plain class in both clients."""

    def __init__(self, column="text", return_score="relevance"):
        super().__init__(return_score)
        self.column = column
        self.inner = RRFReranker(K=30)

    def rerank_hybrid(self, query: str, vector_results: pa.Table, fts_results: pa.Table) -> pa.Table:
        merged = self.merge_results(vector_results, fts_results)
        frame = merged.to_pandas()
        frame["_relevance_score"] = frame[self.column].str.len()
        return pa.Table.from_pandas(frame.head(10))

    def rerank_vector(self, query: str, vector_results: pa.Table) -> pa.Table:
        if len(vector_results) == 0 or "text" not in vector_results.schema.names:
            return vector_results
        return vector_results.append_column("_relevance_score", vector_results["text"])

"""The rerankers that scenarios can name."""

import pyarrow as pa
from lancedb.rerankers import LinearCombinationReranker, Reranker, RRFReranker


class ByLength(Reranker):
    """The shortest text first; the same for every kind of query."""

    def rerank_hybrid(self, query, vector_results, fts_results):
        return self.rank(self.merge_results(vector_results, fts_results))

    def rerank_vector(self, query, vector_results):
        return self.rank(vector_results)

    def rerank_fts(self, query, fts_results):
        return self.rank(fts_results)

    def rank(self, rows):
        scores = [1 / (1 + len(text)) for text in rows["text"].to_pylist()]
        rows = rows.append_column("_relevance_score", pa.array(scores, pa.float32()))
        return rows.sort_by([("_relevance_score", "descending")])


class Forgetful(Reranker):
    """Gives no `_relevance_score`, which a reranker must."""

    def rerank_hybrid(self, query, vector_results, fts_results):
        return vector_results

    def rerank_vector(self, query, vector_results):
        return vector_results

    def rerank_fts(self, query, fts_results):
        return fts_results


KNOWN = {
    "rrf": RRFReranker,
    "linear": LinearCombinationReranker,
    "by_length": ByLength,
    "forgetful": Forgetful,
}


def make(step):
    options = {"return_score": step["return_score"]} if "return_score" in step else {}
    return KNOWN[step["rerank"]](**options)

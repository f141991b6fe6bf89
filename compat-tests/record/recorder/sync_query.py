"""Queries of the synchronous clients."""

import numpy as np
import pyarrow as pa

from . import canonical, common, models, ops, rerankers
from .common import given


def shaped(vector, step):
    """The query vector as the object that the step asks for."""
    form = step.get("vector_form", "list")
    makers = {"list": list, "ndarray": np.array, "tuple": tuple, "arrow": pa.array}
    return makers[form]([floats(item) for item in vector])


def floats(item):
    return float(item) if isinstance(item, str) else item


def apply(query, build):
    """One builder step."""
    name = ops.step_name(build)
    value = build[name]
    if name == "where":
        return query.where(value, **given(build, "prefilter"))
    if name == "rerank":
        reranker = rerankers.make(build)
        return query.rerank(reranker, **given(build, "query_string", "normalize"))
    if name == "distance_range":
        return query.distance_range(*value)
    if name == "order_by":
        from lancedb.query import ColumnOrdering

        return query.order_by(
            [ColumnOrdering(column_name=value["column"], ascending=value["ascending"])]
        )
    if name in ("phrase_query", "bypass_vector_index", "fast_search"):
        return getattr(query, name)()
    return getattr(query, name)(value)


class Queries:
    """The part of `SyncClient` that asks."""

    def search(self, t, step):
        options = given(
            step, "fts_columns", vector_column_name="column", query_type="type",
            ordering_field_name="ordering_field",
        )  # fmt: skip
        if "hybrid" in step:
            both = step["hybrid"]
            query = (
                t.search(query_type="hybrid", **options).vector(both["vector"]).text(both["text"])
            )
        elif "vector" in step:
            query = t.search(shaped(step["vector"], step), **options)
        elif "vectors" in step or "text" in step:
            query = t.search(step.get("vectors", step.get("text")), **options)
        else:
            query = t.search(**options)
        return self.finish(query, step, common.is_ranked(step))

    def read(self, q, step):
        return self.finish(q.query, step, q.ranked)

    def finish(self, query, step, ranked):
        for build in step.get("build", []):
            query = apply(query, build)
        to = step.get("to", "arrow")
        order = common.order(step, ranked)
        if to == "none":
            return common.Query(query, ranked)
        if to == "arrow":
            return canonical.table(query.to_arrow(), order)
        if to == "list":
            return canonical.records(query.to_list(), order)
        if to == "pandas":
            return canonical.frame(query.to_pandas(**given(step, "flatten")), order)
        if to == "df":
            return canonical.frame(query.to_df(), order)
        if to == "polars":
            return canonical.records(query.to_polars().to_dicts(), order)
        if to == "pydantic":
            model = models.lance_model(step["model"], strict=step.get("strict", False))
            return canonical.records([row.model_dump() for row in query.to_pydantic(model)], order)
        if to == "batches":
            reader = query.to_batches(*([step["batch_size"]] if "batch_size" in step else []))
            return common.batches(list(reader), reader.schema, order)
        if to == "tantivy":
            return canonical.table(query.tantivy_to_arrow(), order)
        if to == "plan":
            return common.plan(query.explain_plan(True))
        raise ValueError(f"a query cannot be read as {to!r}")

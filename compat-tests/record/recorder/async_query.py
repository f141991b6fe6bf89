"""Queries of the asynchronous client."""

from . import canonical, common, models, ops, rerankers, sync_query
from .common import given


def apply(query, build):
    """One builder step."""
    name = ops.step_name(build)
    value = build[name]
    if name == "where":
        query = query.where(value)
        return query.postfilter() if build.get("prefilter") is False else query
    if name == "metric":
        return query.distance_type(value)
    if name == "with_row_id":
        return query.with_row_id() if value else query
    if name == "rerank":
        reranker = rerankers.make(build)
        return query.rerank(reranker, **given(build, "query_string", "normalize"))
    return sync_query.apply(query, build)


class Queries:
    """The part of `AsyncClient` that asks."""

    async def search(self, t, step):
        return await self.finish(await self.start(t, step), step, common.is_ranked(step))

    async def start(self, t, step):
        if "hybrid" in step:
            both = step["hybrid"]
            query = t.query().nearest_to(both["vector"])
            if "column" in step:
                query = query.column(step["column"])
            return query.nearest_to_text(both["text"], **given(step, columns="fts_columns"))
        options = given(
            step, "fts_columns", vector_column_name="column", query_type="type",
            ordering_field_name="ordering_field",
        )  # fmt: skip
        if "text" in step:
            return await t.search(step["text"], **options)
        if "vector" in step:
            vector = sync_query.shaped(step["vector"], step)
            if "type" in step or step.get("vector_form", "list") != "list":
                return await t.search(vector, **options)
        elif "vectors" in step:
            vector = step["vectors"]
        else:
            return t.query()
        query = t.vector_search(vector)
        return query.column(step["column"]) if "column" in step else query

    async def read(self, q, step):
        return await self.finish(q.query, step, q.ranked)

    async def finish(self, query, step, ranked):
        for build in step.get("build", []):
            query = apply(query, build)
        to = step.get("to", "arrow")
        order = common.order(step, ranked)
        if to == "none":
            return common.Query(query, ranked)
        if to == "arrow":
            return canonical.table(await query.to_arrow(), order)
        if to == "list":
            return canonical.records(await query.to_list(), order)
        if to == "pandas":
            return canonical.frame(await query.to_pandas(**given(step, "flatten")), order)
        if to == "df":
            return canonical.frame(await query.to_df(), order)
        if to == "polars":
            return canonical.records((await query.to_polars()).to_dicts(), order)
        if to == "pydantic":
            model = models.lance_model(step["model"], strict=step.get("strict", False))
            rows = await query.to_pydantic(model)
            return canonical.records([row.model_dump() for row in rows], order)
        if to == "batches":
            reader = await query.to_batches(**given(step, max_batch_length="batch_size"))
            return common.batches([batch async for batch in reader], reader.schema, order)
        if to == "tantivy":
            return canonical.table(await query.tantivy_to_arrow(), order)
        if to == "plan":
            return common.plan(await query.explain_plan(True))
        raise ValueError(f"a query cannot be read as {to!r}")

"""Performs steps with `lancedb.connect_async` of 0.40.0."""

import datetime

import lancedb
from lancedb import index

from . import async_query, canonical, common, data, models
from .common import given
from .sync_client import SyncClient, connection_uri, table_options

VECTOR_INDICES = {
    "IVF_PQ": index.IvfPq,
    "IVF_HNSW_PQ": index.HnswPq,
    "IVF_HNSW_SQ": index.HnswSq,
    "IVF_FLAT": index.IvfFlat,
    "IVF_SQ": index.IvfSq,
}
SCALAR_INDICES = {"BTREE": index.BTree, "BITMAP": index.Bitmap, "LABEL_LIST": index.LabelList}


class AsyncClient(async_query.Queries):
    def __init__(self, root, sets):
        self.root = root
        self.sets = sets
        # What does no I/O in either client, and the operators that async handles lack.
        plain = SyncClient(False, root, sets)
        for name in (
            "chdir path_exists write_file unregister_embedding with_embeddings tantivy_index uri "
            "len_db is_empty_db contains iterate close is_open pickle name len is_empty get_item"
        ).split():
            setattr(self, name, in_coroutine(getattr(plain, name)))

    # Connection

    async def connect(self, _, step):
        options = dict(step.get("options", {}))
        if "read_consistency_interval" in step:
            options["read_consistency_interval"] = datetime.timedelta(
                seconds=step["read_consistency_interval"]
            )
        return await lancedb.connect_async(connection_uri(self.root, step), **options)

    async def read_consistency_interval(self, db, step):
        value = await db.get_read_consistency_interval()
        return value.total_seconds() if value is not None else None

    async def table_names(self, db, step):
        if step.get("positional"):
            return list(await db.table_names(step.get("start_after"), step.get("limit", 10)))
        return list(await db.table_names(**given(step, "start_after", "limit")))

    async def list_tables(self, db, step):
        page = await db.list_tables(**given(step, "limit", "page_token"))
        return {"tables": list(page.tables), "token": page.page_token}

    async def open_table(self, db, step):
        return await db.open_table(step["name"], **given(step, "version", "index_cache_size"))

    async def create_table(self, db, step):
        rows = data.handed_over(step, self.sets)
        options = table_options(step)
        if step.get("positional"):
            defaults = {
                "schema": None,
                "mode": "create",
                "exist_ok": False,
                "on_bad_vectors": "error",
            }
            values = {**defaults, "fill_value": 0.0, "embedding_functions": [], **options}
            return await db.create_table(step["name"], rows, *values.values())
        rows = {} if rows is None else {"data": rows}
        return await db.create_table(step["name"], **rows, **options)

    async def drop_table(self, db, step):
        if step.get("positional"):
            await db.drop_table(step["name"], step["ignore_missing"])
        else:
            await db.drop_table(step["name"], **given(step, "ignore_missing"))

    async def drop_database(self, db, step):
        await db.drop_all_tables()

    async def rename_table(self, db, step):
        await db.rename_table(step["name"], step["to"])

    # Table: reading

    async def schema(self, t, step):
        return canonical.schema(await t.schema())

    async def version(self, t, step):
        return await t.version()

    mark = version

    async def count_rows(self, t, step):
        return await t.count_rows(*([step["where"]] if "where" in step else []))

    async def head(self, t, step):
        return canonical.table(await t.head(**given(step, "n")), common.order(step, False))

    async def to_arrow(self, t, step):
        return canonical.table(await t.to_arrow(), common.order(step, False))

    async def to_pandas(self, t, step):
        return canonical.frame(await t.to_pandas(), common.order(step, False))

    async def to_polars(self, t, step):
        return canonical.records(
            (await t.to_polars()).collect().to_dicts(), common.order(step, False)
        )

    async def to_lance(self, t, step):
        return (await t.to_lance()).count_rows()

    async def embedding_functions(self, t, step):
        return common.embedding_functions(await t.embedding_functions())

    async def embedding_metadata(self, t, step):
        return models.metadata(await t.schema())

    # Table: writing

    async def add(self, t, step):
        rows = data.handed_over(step, self.sets)
        if step.get("positional"):
            options = [step.get("mode", "append"), step.get("on_bad_vectors", "error")]
            return common.returned(step, await t.add(rows, *options, step.get("fill_value", 0.0)))
        options = given(step, "mode", "on_bad_vectors", "fill_value")
        return common.returned(step, await t.add(rows, **options))

    async def update(self, t, step):
        if step.get("positional"):
            return common.returned(step, await t.update(step["where"], step["values"]))
        options = given(step, "where", updates="values", updates_sql="values_sql")
        return common.returned(step, await t.update(**options))

    async def delete(self, t, step):
        return common.returned(step, await t.delete(step["where"]))

    async def merge_insert(self, t, step):
        builder = common.merge_builder(t.merge_insert(step["keys"]), step)
        options = given(step, "on_bad_vectors", "fill_value")
        rows = data.handed_over(step, self.sets)
        return common.returned(step, await builder.execute(rows, **options))

    async def merge(self, t, step):
        t.merge(data.handed_over(step, self.sets), **given(step, "left_on", "right_on"))

    # Table: indices

    async def create_index(self, t, step):
        if step.get("positional"):
            names = ["metric", "num_partitions", "num_sub_vectors", "column"]
            return await t.create_index(*[step[name] for name in names])
        options = given(
            step, "num_partitions", "num_sub_vectors", "accelerator", distance_type="metric"
        )
        config = kind_of_index(VECTOR_INDICES, step.get("index_type", "IVF_PQ"))(**options)
        await t.create_index(step.get("column", "vector"), config=config, **given(step, "replace"))

    async def create_scalar_index(self, t, step):
        config = kind_of_index(SCALAR_INDICES, step.get("index_type", "BTREE"))()
        await t.create_index(step["column"], config=config, **given(step, "replace"))

    async def create_fts_index(self, t, step):
        config = index.FTS(**given(step, "with_position"), **step.get("config", {}))
        await t.create_index(step["columns"], config=config, **given(step, "replace"))

    async def list_indices(self, t, step):
        return common.indices((index.name, index.columns) for index in await t.list_indices())

    async def index_stats(self, t, step):
        return common.stats(await t.index_stats(step["name"]))

    async def drop_index(self, t, step):
        await t.drop_index(step["name"])

    # Table: versions and columns

    async def list_versions(self, t, step):
        return [entry["version"] for entry in await t.list_versions()]

    async def checkout(self, t, step):
        await t.checkout(step["version"])

    async def checkout_latest(self, t, step):
        await t.checkout_latest()

    async def restore(self, t, step):
        await t.restore(**given(step, "version"))

    async def add_columns(self, t, step):
        return common.returned(step, await t.add_columns(step["columns"]))

    async def alter_columns(self, t, step):
        return common.returned(step, await t.alter_columns(*common.alterations(step)))

    async def drop_columns(self, t, step):
        return common.returned(step, await t.drop_columns(step["columns"]))

    async def compact_files(self, t, step):
        done = (await t.optimize()).compaction
        return {n: getattr(done, n) for n in ("fragments_removed", "fragments_added")}

    async def cleanup_old_versions(self, t, step):
        options = given(step, "delete_unverified")
        if "older_than" in step:
            options["cleanup_older_than"] = common.days(step, "older_than")
        return {"old_versions": (await t.optimize(**options)).prune.old_versions_removed}

    async def optimize(self, t, step):
        options = given(step, "delete_unverified")
        if "cleanup_older_than" in step:
            options["cleanup_older_than"] = common.days(step, "cleanup_older_than")
        await t.optimize(**options)

    async def create_tag(self, t, step):
        await t.tags.create(step["tag"], step["version"])

    async def update_tag(self, t, step):
        await t.tags.update(step["tag"], step["version"])

    async def delete_tag(self, t, step):
        await t.tags.delete(step["tag"])

    async def get_tag_version(self, t, step):
        return await t.tags.get_version(step["tag"])

    async def list_tags(self, t, step):
        return common.tags(await t.tags.list())


def kind_of_index(kinds, name):
    """The class of an index; asking for one that there is not fails as it does in a program."""
    return kinds[name] if name in kinds else getattr(index, name)


def in_coroutine(function):
    async def run(*arguments):
        return function(*arguments)

    return run

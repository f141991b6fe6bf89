"""Performs steps with a synchronous client: lancedb 0.14.0 (`legacy`) or 0.40.0."""

import datetime
import os
import pickle

import lancedb
from lancedb.table import LanceTable

from . import canonical, common, data, models, sync_query
from .common import given


class SyncClient(sync_query.Queries):
    def __init__(self, legacy, root, sets):
        self.legacy = legacy
        self.root = root
        self.sets = sets

    # Connection

    def connect(self, _, step):
        options = dict(step.get("options", {}))
        if "read_consistency_interval" in step:
            options["read_consistency_interval"] = datetime.timedelta(
                seconds=step["read_consistency_interval"]
            )
        if step.get("through") == "class":
            return lancedb.LanceDBConnection(connection_uri(self.root, step), **options)
        return lancedb.connect(connection_uri(self.root, step), **options)

    def chdir(self, _, step):
        os.makedirs(os.path.join(self.root, step["path"]), exist_ok=True)
        os.chdir(os.path.join(self.root, step["path"]))

    def path_exists(self, _, step):
        return os.path.exists(os.path.join(self.root, step["path"]))

    def write_file(self, _, step):
        path = os.path.join(self.root, step["path"])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write("not a table\n")

    def unregister_embedding(self, _, step):
        models.unregister(step["function"])

    def with_embeddings(self, _, step):
        rows = data.handed_over(step, self.sets)
        make = models.FUNCTIONS[step["function"]]().generate_embeddings
        made = lancedb.embeddings.with_embeddings(
            make, rows, wrap_api=False, **given(step, "column")
        )
        return canonical.table(made)

    def uri(self, db, step):
        return str(db.uri)

    def read_consistency_interval(self, db, step):
        value = db.read_consistency_interval
        return value.total_seconds() if value is not None else None

    def table_names(self, db, step):
        if step.get("positional"):
            return list(db.table_names(step.get("start_after"), step.get("limit", 10)))
        return list(db.table_names(**given(step, "limit", page_token="start_after")))

    def list_tables(self, db, step):
        if not self.legacy:
            page = db.list_tables(**given(step, "limit", "page_token"))
            return {"tables": list(page.tables), "token": page.page_token}
        names = list(db.table_names(**given(step, "limit", "page_token")))
        # The old client has no tokens: one goes on after the last name, until a page is not full.
        is_full = len(names) == step.get("limit", 10)
        return {"tables": names, "token": names[-1] if is_full else None}

    def len_db(self, db, step):
        return len(db)

    def is_empty_db(self, db, step):
        return not db

    def contains(self, db, step):
        return step["name"] in db

    def get_item(self, db, step):
        return db[step["name"]]

    def iterate(self, db, step):
        return [table.name for table in db]

    def open_table(self, db, step):
        options = given(step, "index_cache_size")
        if "through" in step:
            make = LanceTable if step["through"] == "class" else LanceTable.open
            return make(db, step["name"], **options)
        if "version" not in step:
            return db.open_table(step["name"], **options)
        if self.legacy:
            return LanceTable(db, step["name"], version=step["version"])
        table = db.open_table(step["name"], **options)
        table.checkout(step["version"])
        return table

    def create_table(self, db, step):
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
            return db.create_table(step["name"], rows, *values.values())
        if rows is not None:
            options["data"] = rows
        if "through" in step:
            return LanceTable.create(db, step["name"], **options)
        return db.create_table(step["name"], **options)

    def drop_table(self, db, step):
        if step.get("positional"):
            db.drop_table(step["name"], step["ignore_missing"])
        else:
            db.drop_table(step["name"], **given(step, "ignore_missing"))

    def drop_database(self, db, step):
        db.drop_database()

    def rename_table(self, db, step):
        db.rename_table(step["name"], step["to"])

    # Connection or table

    def close(self, handle, step):
        handle.close()

    def is_open(self, handle, step):
        return handle.is_open()

    def pickle(self, handle, step):
        pickle.loads(pickle.dumps(handle))

    # Table: reading

    def name(self, t, step):
        return t.name

    def schema(self, t, step):
        return canonical.schema(t.schema)

    def version(self, t, step):
        return t.version

    mark = version

    def len(self, t, step):
        return len(t)

    def is_empty(self, t, step):
        return not t

    def count_rows(self, t, step):
        return t.count_rows(*([step["where"]] if "where" in step else []))

    def head(self, t, step):
        return canonical.table(t.head(**given(step, "n")), common.order(step, False))

    def to_arrow(self, t, step):
        return canonical.table(t.to_arrow(), common.order(step, False))

    def to_pandas(self, t, step):
        return canonical.frame(t.to_pandas(), common.order(step, False))

    def to_polars(self, t, step):
        return canonical.records(t.to_polars().collect().to_dicts(), common.order(step, False))

    def to_lance(self, t, step):
        return t.to_lance().count_rows()

    def embedding_functions(self, t, step):
        return common.embedding_functions(t.embedding_functions)

    def embedding_metadata(self, t, step):
        return models.metadata(t.schema)

    # Table: writing

    def add(self, t, step):
        rows = data.handed_over(step, self.sets)
        if step.get("positional"):
            options = [step.get("mode", "append"), step.get("on_bad_vectors", "error")]
            return common.returned(step, t.add(rows, *options, step.get("fill_value", 0.0)))
        options = given(step, "mode", "on_bad_vectors", "fill_value")
        return common.returned(step, t.add(rows, **options))

    def update(self, t, step):
        if step.get("positional"):
            return common.returned(step, t.update(step["where"], step["values"]))
        return common.returned(step, t.update(**given(step, "where", "values", "values_sql")))

    def delete(self, t, step):
        return common.returned(step, t.delete(step["where"]))

    def merge_insert(self, t, step):
        builder = common.merge_builder(t.merge_insert(step["keys"]), step)
        options = given(step, "on_bad_vectors", "fill_value")
        return common.returned(step, builder.execute(data.handed_over(step, self.sets), **options))

    def merge(self, t, step):
        t.merge(data.handed_over(step, self.sets), **given(step, "left_on", "right_on"))

    # Table: indices

    def create_index(self, t, step):
        names = ["metric", "num_partitions", "num_sub_vectors"]
        if step.get("positional"):
            t.create_index(*[step[name] for name in names], step["column"])
        else:
            options = given(
                step, *names, "replace", "index_type", "accelerator", vector_column_name="column"
            )
            t.create_index(**options)

    def create_scalar_index(self, t, step):
        t.create_scalar_index(step["column"], **given(step, "index_type", "replace"))

    def create_fts_index(self, t, step):
        options = given(step, "replace", "with_position", "tokenizer_name")
        if self.legacy:
            options |= given(step, ordering_field_names="ordering_fields")
            if "engine" in step:
                options["use_tantivy"] = step["engine"] == "tantivy"
        else:
            options |= step.get("config", {})
        t.create_fts_index(step["columns"], **options)

    def tantivy_index(self, t, step):
        from lancedb import fts

        columns = step["columns"]
        path = os.path.join(self.root, "tantivy")
        count = fts.populate_index(fts.create_index(path, columns), t, columns)
        # As the client itself does: an open index sees later rows only after a while.
        ids, _ = fts.search_index(fts.tantivy.Index.open(path), step["text"], step.get("limit", 10))
        return {
            "indexed": count,
            "found": list(ids),
            "field": fts.resolve_path(t.schema, columns[0]).name,
        }

    def list_indices(self, t, step):
        if self.legacy:
            return common.indices((i["name"], i["fields"]) for i in t.to_lance().list_indices())
        return common.indices((index.name, index.columns) for index in t.list_indices())

    def index_stats(self, t, step):
        if not self.legacy:
            return common.stats(t.index_stats(step["name"]))
        stats = t.to_lance().stats.index_stats(step["name"])
        return {"indexed": stats["num_indexed_rows"], "unindexed": stats["num_unindexed_rows"]}

    def drop_index(self, t, step):
        t.drop_index(step["name"])

    # Table: versions and columns

    def list_versions(self, t, step):
        return [entry["version"] for entry in t.list_versions()]

    def checkout(self, t, step):
        t.checkout(step["version"])

    def checkout_latest(self, t, step):
        t.checkout_latest()

    def restore(self, t, step):
        t.restore(**given(step, "version"))

    def add_columns(self, t, step):
        return common.returned(step, t.add_columns(step["columns"]))

    def alter_columns(self, t, step):
        return common.returned(step, t.alter_columns(*common.alterations(step)))

    def drop_columns(self, t, step):
        return common.returned(step, t.drop_columns(step["columns"]))

    def compact_files(self, t, step):
        done = t.compact_files()
        return {n: getattr(done, n) for n in ("fragments_removed", "fragments_added")}

    def cleanup_old_versions(self, t, step):
        older = [common.days(step, "older_than")] if "older_than" in step else []
        done = t.cleanup_old_versions(*older, **given(step, "delete_unverified"))
        return {"old_versions": done.old_versions}

    def optimize(self, t, step):
        options = given(step, "delete_unverified")
        if "cleanup_older_than" in step:
            options["cleanup_older_than"] = common.days(step, "cleanup_older_than")
        t.optimize(**options)

    def create_tag(self, t, step):
        t.tags.create(step["tag"], step["version"])

    def update_tag(self, t, step):
        t.tags.update(step["tag"], step["version"])

    def delete_tag(self, t, step):
        t.tags.delete(step["tag"])

    def get_tag_version(self, t, step):
        return t.tags.get_version(step["tag"])

    def list_tags(self, t, step):
        return common.tags(t.tags.list())


def connection_uri(root, step):
    """The address that a `connect` step asks for."""
    form = step.get("form", "absolute")
    name = step.get("uri", "db")
    if form == "relative":
        return name
    if form == "home":
        return f"~/{name}"
    if form == "memory":
        return "memory://"
    path = os.path.join(root, name)
    return f"file://{path}" if form == "file" else path


def table_options(step):
    """The keywords of `create_table`, which are the same in all clients."""
    options = {}
    embedding = step.get("embedding")
    by_model = embedding is not None and embedding.get("via", "model") == "model"
    if "schema" in step:
        if by_model or step.get("schema_form") == "model":
            options["schema"] = models.lance_model(step["schema"], embedding if by_model else None)
        else:
            options["schema"] = data.schema(step["schema"])
    options |= given(step, "mode", "exist_ok", "on_bad_vectors", "fill_value")
    if embedding is not None and not by_model:
        options["embedding_functions"] = [models.config(embedding)]
    return options

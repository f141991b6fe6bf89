"""The operations of FORMAT.md: what each works on, what it makes and which arguments it takes."""

import dataclasses

COMMON = {"id", "op", "on", "as", "expect", "order"}
ROWS = {"data", "form", "rows"}


@dataclasses.dataclass(frozen=True)
class Op:
    on: str
    """The handle it works on unless the step says otherwise: `db`, `t`, `q` or nothing."""
    arguments: frozenset
    makes: str = ""
    """The handle it makes unless the step says otherwise."""


def op(on, *arguments, makes="", rows=False):
    return Op(on, frozenset(arguments) | (ROWS if rows else set()), makes)


READING = ("build", "to", "batch_size", "flatten", "model", "strict")
OPS = {
    # Connection
    "connect": op("", "uri", "form", "read_consistency_interval", "options", "through", makes="db"),
    "chdir": op("", "path"),
    "path_exists": op("", "path"),
    "write_file": op("", "path"),
    "unregister_embedding": op("", "function"),
    "with_embeddings": op("", "function", "column", rows=True),
    "uri": op("db"),
    "read_consistency_interval": op("db"),
    "table_names": op("db", "start_after", "limit", "positional"),
    "list_tables": op("db", "limit", "page_token", "page_of"),
    "len_db": op("db"),
    "is_empty_db": op("db"),
    "contains": op("db", "name"),
    "get_item": op("db", "name", makes="t"),
    "iterate": op("db"),
    "open_table": op(
        "db", "name", "version", "version_of", "index_cache_size", "through", makes="t",
    ),
    "create_table": op(
        "db", "name", "schema", "schema_form", "mode", "exist_ok", "on_bad_vectors", "fill_value",
        "embedding", "positional", "through", makes="t", rows=True,
    ),
    "drop_table": op("db", "name", "ignore_missing", "positional"),
    "drop_database": op("db"),
    "rename_table": op("db", "name", "to"),
    # Connection or table
    "close": op("db"),
    "is_open": op("db"),
    "pickle": op("db"),
    # Table
    "name": op("t"),
    "schema": op("t"),
    "version": op("t"),
    "mark": op("t"),
    "len": op("t"),
    "is_empty": op("t"),
    "count_rows": op("t", "where"),
    "head": op("t", "n"),
    "to_arrow": op("t"),
    "to_pandas": op("t"),
    "to_polars": op("t"),
    "to_lance": op("t"),
    "embedding_functions": op("t"),
    "embedding_metadata": op("t"),
    "add": op("t", "mode", "on_bad_vectors", "fill_value", "positional", "answer", rows=True),
    "update": op("t", "where", "values", "values_sql", "positional", "answer"),
    "delete": op("t", "where", "answer"),
    "merge_insert": op(
        "t", "keys", "when_matched_update_all", "when_not_matched_insert_all",
        "when_not_matched_by_source_delete", "on_bad_vectors", "fill_value", "answer", rows=True,
    ),
    "merge": op("t", "left_on", "right_on", rows=True),
    "create_index": op(
        "t", "column", "metric", "num_partitions", "num_sub_vectors", "replace", "index_type",
        "accelerator", "positional",
    ),
    "create_scalar_index": op("t", "column", "index_type", "replace"),
    "create_fts_index": op(
        "t", "columns", "replace", "engine", "with_position", "tokenizer_name", "ordering_fields",
        "config",
    ),
    "tantivy_index": op("t", "columns", "text", "limit"),
    "list_indices": op("t"),
    "index_stats": op("t", "name"),
    "drop_index": op("t", "name"),
    "list_versions": op("t"),
    "checkout": op("t", "version", "version_of"),
    "checkout_latest": op("t"),
    "restore": op("t", "version", "version_of"),
    "add_columns": op("t", "columns", "answer"),
    "alter_columns": op("t", "columns", "answer"),
    "drop_columns": op("t", "columns", "answer"),
    "compact_files": op("t"),
    "cleanup_old_versions": op("t", "older_than", "delete_unverified"),
    "optimize": op("t", "cleanup_older_than", "delete_unverified"),
    "create_tag": op("t", "tag", "version", "version_of"),
    "update_tag": op("t", "tag", "version", "version_of"),
    "delete_tag": op("t", "tag"),
    "get_tag_version": op("t", "tag"),
    "list_tags": op("t"),
    # Query
    "search": op(
        "t", "vector", "vectors", "text", "hybrid", "vector_form", "type", "column", "fts_columns",
        "ordering_field", *READING, makes="q",
    ),
    "read": op("q", *READING),
}  # fmt: skip

BUILD = {
    "where": {"prefilter"},
    "limit": set(),
    "offset": set(),
    "nprobes": set(),
    "refine_factor": set(),
    "select": set(),
    "metric": set(),
    "with_row_id": set(),
    "rerank": {"query_string", "normalize", "return_score"},
    "phrase_query": set(),
    "bypass_vector_index": set(),
    "fast_search": set(),
    "distance_range": set(),
    "ef": set(),
    "order_by": set(),
}
"""The builder steps and their options."""


def step_name(build):
    """The key that names a builder step."""
    names = [key for key in build if key in BUILD]
    if len(names) != 1 or not set(build) <= {names[0]} | BUILD[names[0]]:
        raise ValueError(f"no builder step has the keys {', '.join(sorted(build))}")
    return names[0]


def check(step):
    """Refuses a step that FORMAT.md does not describe."""
    name = step["op"]
    if name not in OPS:
        raise ValueError(f"step {step['id']}: no operation is called {name!r}")
    unknown = set(step) - COMMON - OPS[name].arguments
    if unknown:
        raise ValueError(f"step {step['id']}: {name} takes no {', '.join(sorted(unknown))}")
    for build in step.get("build", []):
        step_name(build)

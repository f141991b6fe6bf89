"""What the sync and the async clients do alike."""

import dataclasses
import datetime

import pyarrow as pa

from . import arrow_types, canonical

# What write calls of lancedb 0.40 return has these numbers, each as far as it has a meaning.
NUMBERS = [
    "version", "rows_updated", "num_deleted_rows", "num_updated_rows", "num_inserted_rows",
    "num_attempts", "num_rows",
]  # fmt: skip


def given(step, *names, **renamed):
    """The arguments that a step gives, as keywords; `renamed`: keywords of other names."""
    pairs = [(name, name) for name in names] + list(renamed.items())
    return {keyword: step[name] for keyword, name in pairs if name in step}


def returned(step, value):
    """What a write call returned, if the step asks for it."""
    if not step.get("answer") or value is None:
        return None
    return {name: getattr(value, name) for name in NUMBERS if hasattr(value, name)}


def days(step, name):
    return datetime.timedelta(days=step[name])


def alterations(step):
    changes = [dict(change) for change in step["columns"]]
    for change in changes:
        if "data_type" in change:
            change["data_type"] = arrow_types.to_arrow(change["data_type"])
    return changes


def merge_builder(builder, step):
    """The steps of a merge insert, which are the same in all clients."""
    for name in ("when_matched_update_all", "when_not_matched_by_source_delete"):
        if name in step:
            condition = [] if step[name] is True else [step[name]["where"]]
            if name == "when_matched_update_all" and condition:
                builder = builder.when_matched_update_all(where=condition[0])
            else:
                builder = getattr(builder, name)(*condition)
    if step.get("when_not_matched_insert_all"):
        builder = builder.when_not_matched_insert_all()
    return builder


def embedding_functions(configs):
    from . import models

    entries = [
        {
            "vector": name,
            "source": config.source_column,
            "function": models.function_name(config.function),
        }
        for name, config in configs.items()
    ]
    return sorted(entries, key=canonical.text)


def indices(entries):
    """Names and columns; the names of the kinds of index differ from client to client."""
    return sorted(
        ({"name": name, "columns": list(columns)} for name, columns in entries),
        key=lambda entry: entry["name"],
    )


def stats(value):
    if value is None:
        return None
    return {"indexed": value.num_indexed_rows, "unindexed": value.num_unindexed_rows}


def tags(entries):
    return {name: entry["version"] for name, entry in sorted(entries.items())}


@dataclasses.dataclass
class Query:
    """A query that was made and not read yet."""

    query: object
    ranked: bool


def batches(list_of_batches, schema, order):
    """A stream: the sizes of its batches, and their rows as one table."""
    sizes = [batch.num_rows for batch in list_of_batches]
    return {
        "batches": sizes,
        **canonical.table(pa.Table.from_batches(list_of_batches, schema), order),
    }


def order(step, ranked):
    return step.get("order", "ranked" if ranked else "exact")


def is_ranked(step):
    return any(name in step for name in ("vector", "vectors", "text", "hybrid"))


def plan(text):
    """The names of the nodes of a plan, outermost first."""
    names = []
    for line in text.splitlines():
        name = line.strip().split(":")[0].split("[")[0].split("(")[0].strip()
        if name:
            names.append(name)
    return names

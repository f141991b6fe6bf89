"""Pydantic models and embedding functions that scenarios ask for."""

import json

import lancedb.embeddings.registry
from lancedb.embeddings import EmbeddingFunctionConfig, TextEmbeddingFunction, get_registry
from lancedb.pydantic import LanceModel, Vector
from pydantic import ConfigDict, create_model

from . import arrow_types

PREFIX = "lancebridge_"
SCALARS = {"bool": bool, "float32": float, "float64": float, "utf8": str, "large_utf8": str}


class Letters(TextEmbeddingFunction):
    """`[length / 16, vowels / 8, spaces / 4]`: exact, and near for texts that look alike."""

    def generate_embeddings(self, texts):
        return [[len(t) / 16, sum(c in "aeiou" for c in t) / 8, t.count(" ") / 4] for t in texts]

    def ndims(self):
        return 3


class Short(Letters):
    def generate_embeddings(self, texts):
        return [vector[:2] for vector in super().generate_embeddings(texts)]


class Failing(Letters):
    def generate_embeddings(self, texts):
        raise RuntimeError("model down")


FUNCTIONS = {"letters": Letters, "short": Short, "failing": Failing}


def register():
    """Every scenario starts with all functions, whatever the one before took away."""
    for name, function in FUNCTIONS.items():
        unregister(name)
        lancedb.embeddings.registry.register(PREFIX + name)(function)


def unregister(name):
    get_registry()._functions.pop(PREFIX + name, None)


def function(embedding):
    options = {"max_retries": embedding["retries"]} if "retries" in embedding else {}
    if embedding.get("create", True):
        return get_registry().get(PREFIX + embedding["function"]).create(**options)
    return FUNCTIONS[embedding["function"]](**options)


def metadata(schema):
    """What a table keeps of its functions."""
    kept = json.loads((schema.metadata or {}).get(b"embedding_functions", b"[]"))
    return [{**entry, "name": entry["name"].removeprefix(PREFIX)} for entry in kept]


def function_name(instance):
    for name, known in FUNCTIONS.items():
        if type(instance) is known:
            return name
    return type(instance).__name__


def config(embedding):
    return EmbeddingFunctionConfig(
        source_column=embedding["source"],
        vector_column=embedding.get("vector", "vector"),
        function=function(embedding),
    )


def annotation(field):
    kind = arrow_types.parse(field["type"])
    if kind.name == "fixed_size_list":
        return Vector(kind.numbers[0])
    if kind.name == "list":
        return list[
            annotation({"type": arrow_types.text(arrow_types.to_arrow(kind.children[0].kind))})
        ]
    return int if kind.is_integer else SCALARS[kind.name]


def lance_model(fields, embedding=None, strict=False):
    """A `LanceModel` class with these fields."""
    made = {}
    instance = function(embedding) if embedding else None
    for field in fields:
        default = ...
        if embedding and field["name"] == embedding["source"]:
            default = instance.SourceField()
        elif embedding and field["name"] == embedding.get("vector", "vector"):
            default = instance.VectorField()
        made[field["name"]] = (annotation(field), default)
    base = LanceModel
    if strict:

        class base(LanceModel):
            model_config = ConfigDict(extra="forbid")

    return create_model("Row", __base__=base, **made)


def fields_of(schema):
    return [{"name": field.name, "type": arrow_types.text(field.type)} for field in schema]

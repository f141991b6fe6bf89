from __future__ import annotations

import pandas as pd
from lancedb.pydantic import LanceModel

from . import build
from .build import QuerySpec


class Row(LanceModel):
    id: int


def as_frame(query) -> pd.DataFrame:
    return query.to_pandas()  #~ to_pandas


def top_ids(query, n: int) -> list[int]:
    return [row.id for row in query.limit(n).to_pydantic(Row)]  #~ to_pydantic


def polars_page(spec: QuerySpec, number: int):
    return spec.near("cosine").page(number).query.to_polars()  #~ to_polars


def stream(query):
    reader = query.to_batches(1024)  #~ to_batches
    for batch in reader:  #~ reader
        yield from batch.to_pylist()


def everything(table):
    return build.scan(table, "price > 3").to_list()  #~ to_list

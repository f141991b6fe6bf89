"""Queries and merge inserts: calls that build are remembered, the one that runs is the step."""

import numpy as np
import pyarrow as pa

from recorder import canonical, common

from . import calls, known, rows
from .errors import Inexpressible, OfClient

PLAN = "_lancebridge_plan"
RERANKERS = {"RRFReranker": "rrf", "LinearCombinationReranker": "linear"}


def vector(session, value):
    value = np.asarray(value)
    if value.dtype.kind not in "iuf":
        raise Inexpressible("a query that is no vector")
    numbers = canonical.plain(value)
    if session.hide:
        hide = session.hide.vector
        return hide(numbers) if value.ndim == 1 else [hide(row) for row in numbers]
    return numbers


def search(heard):
    """`search` reads nothing: the step is made where the query is read."""
    try:
        given = calls.arguments(heard)
        step = {"op": "search"}
        on = heard.session.known.handle(heard.owner)
        heard.session.known.refuse_changed(on)
        if on != "t":
            step["on"] = on
        names = {
            "vector_column_name": "column", "query_type": "type", "fts_columns": "fts_columns",
            "ordering_field_name": "ordering_field",
        }  # fmt: skip
        query = given.pop("query", None)
        if isinstance(query, str):
            step["text"] = query
            if heard.session.hide:
                raise Inexpressible("words of a text that is hidden")
            heard.session.needs.add("fts")
        elif query is not None:
            shape = np.asarray(query).ndim
            step["vector" if shape == 1 else "vectors"] = vector(heard.session, query)
            if not isinstance(query, list):
                form = {"ndarray": "ndarray", "tuple": "tuple"}.get(type(query).__name__)
                if form is None:
                    raise Inexpressible(f"a query of type {type(query).__name__}")
                step["vector_form"] = form
        for name, value in given.items():
            if value is not None and not (name == "query_type" and value == "auto"):
                if name not in names:
                    raise Inexpressible(f"the argument {name}")
                step[names[name]] = value
    except (Inexpressible, ValueError) as problem:
        heard.refuse(problem)
        return
    # When the call fails, this is the step.
    heard.failed = lambda problem: heard.session.add(step, problem=problem)
    heard.ended = planned(step)


def planned(step):
    """Remembers the step that an object stands for."""

    def ended(value):
        setattr(value, PLAN, step)
        return value

    return ended


def step_of(heard):
    step = getattr(heard.owner, PLAN, None)
    if step is None:
        if not getattr(heard.owner, known.UNKNOWN, False):
            raise OfClient()
        raise Inexpressible("the object comes from a call that is not recorded")
    if isinstance(step, str):
        raise Inexpressible(step)
    return step


def builds(name, *options, value=None, argument=None):
    """A builder step called `name`; `value` gives it, or it is the first argument."""

    def handler(heard):
        try:
            step = step_of(heard)
        except Inexpressible as problem:
            heard.refuse(problem)
            return
        try:
            given = calls.arguments(heard)
            first = value(heard, given) if value else given.pop(argument or name, None)
            build = {name: calls.plain(heard.session, name, first)}
            for option, chosen in given.items():
                if option not in options:
                    raise Inexpressible(f"the argument {option} of {name}")
                build[option] = calls.plain(heard.session, option, chosen)
        except Inexpressible as problem:
            setattr(heard.owner, PLAN, str(problem))
            heard.refuse(problem)
            return
        new = {**step, "build": [*step.get("build", []), build]}
        heard.failed = lambda problem: heard.session.add(new, problem=problem)
        heard.ended = planned(new)

    return handler


def reranker(heard, given):
    chosen = given.pop("reranker", None)
    name = RERANKERS.get(type(chosen).__name__)
    if name is None or vars(chosen) != vars(type(chosen)()):
        raise Inexpressible("a reranker of your own, or with options")
    heard.session.needs |= {"rerank"}
    return name


def switch(heard, given):
    """A step that is on unless it says otherwise."""
    if given and not given.popitem()[1]:
        raise Inexpressible("a step that is switched off")
    return True


def half(name):
    """One half of a hybrid query."""

    def handler(heard):
        try:
            step = dict(step_of(heard))
            given = calls.arguments(heard)
            value = given[name]
            value = vector(heard.session, value) if name == "vector" else value
            if heard.session.hide and name == "text":
                raise Inexpressible("words of a text that is hidden")
        except Inexpressible as problem:
            setattr(heard.owner, PLAN, str(problem))
            heard.refuse(problem)
            return
        step.pop("type", None)
        step["hybrid"] = {**step.get("hybrid", {}), name: value}
        heard.session.needs |= {"hybrid", "fts"}
        heard.ended = planned(step)

    return handler


def reads(to, *options, form=None, need=None, **renamed):
    """A call that runs the query."""
    names = {name: name for name in options} | {old: new for new, old in renamed.items()}

    def handler(heard):
        try:
            step = dict(step_of(heard))
            for name, value in calls.arguments(heard).items():
                if name not in names:
                    raise Inexpressible(f"the argument {name}")
                if value is not None:
                    step[names[name]] = value
        except Inexpressible as problem:
            heard.refuse(problem)
            return
        if to != "arrow":
            step["to"] = to
        heard.step = step
        heard.session.needs |= {need} - {None}
        order = common.order({}, common.is_ranked(step))
        if form:
            heard.answer = lambda value: form(heard.session, value, order)

    return handler


def to_batches(heard):
    """The program gets a reader of its own."""
    BATCHES(heard)

    def again(reader):
        heard.taken = list(reader)
        return pa.RecordBatchReader.from_batches(reader.schema, heard.taken)

    heard.again = again
    order = common.order({}, common.is_ranked(heard.step or {}))
    heard.answer = lambda value: common.batches(heard.taken, value.schema, order)


def to_pydantic(heard):
    if heard.given and "model" in heard.given:
        model = heard.given.pop("model")
        MODELS(heard)
        try:
            rows.describe_model(model, heard.step or {})
        except Inexpressible as problem:
            heard.step = None
            heard.refuse(problem)


def models(session, value, order):
    return records(session, [row.model_dump() for row in value], order)


def records(session, value, order):
    if len(value) > session.max_rows:
        raise ValueError(f"{len(value)} rows are more than LANCEBRIDGE_RECORD_MAX_ROWS")
    return canonical.records(value, order)


def merge_insert(heard):
    try:
        given = calls.arguments(heard)
        step = {
            "op": "merge_insert",
            "keys": given["on"] if isinstance(given["on"], str) else list(given["on"]),
        }
        on = heard.session.known.handle(heard.owner)
        heard.session.known.refuse_changed(on)
        if on != "t":
            step["on"] = on
    except Inexpressible as problem:
        heard.refuse(problem)
        return
    heard.session.needs.add("merge_insert")
    heard.failed = lambda problem: heard.session.add(step, problem=problem)
    heard.ended = planned(step)


def clause(name, argument=None):
    def handler(heard):
        try:
            step = step_of(heard)
            condition = calls.arguments(heard).get(argument)
            if condition is not None:
                condition = {"where": calls.plain(heard.session, "where", condition)}
        except Inexpressible as problem:
            setattr(heard.owner, PLAN, str(problem))
            heard.refuse(problem)
            return
        heard.ended = planned({**step, name: condition or True})

    return handler


def execute(heard):
    try:
        step = dict(step_of(heard))
        given = calls.arguments(heard)
        value, again = rows.handed_over(heard.session, given.pop("new_data"), step, given, "new")
        if again:
            heard.replace("new_data", value)
        for name, option in given.items():
            if name not in ("on_bad_vectors", "fill_value"):
                raise Inexpressible(f"the argument {name}")
            step[name] = calls.plain(heard.session, name, option)
    except Inexpressible as problem:
        heard.refuse(problem)
        # The table is that of the builder.
        heard.session.known.change(getattr(heard.owner, "_table", None))
        return
    heard.step = step


BATCHES = reads("batches", "batch_size")
MODELS = reads("pydantic", form=models, need="pydantic")
MERGE = {
    "when_matched_update_all": clause("when_matched_update_all", "where"),
    "when_not_matched_insert_all": clause("when_not_matched_insert_all"),
    "when_not_matched_by_source_delete": clause("when_not_matched_by_source_delete", "condition"),
    "execute": execute,
}
QUERY = {
    "where": builds("where", "prefilter"),
    "limit": builds("limit"),
    "offset": builds("offset"),
    "nprobes": builds("nprobes"),
    "refine_factor": builds("refine_factor"),
    "select": builds("select", argument="columns"),
    "metric": builds("metric"),
    "distance_type": builds("metric", argument="distance_type"),
    "with_row_id": builds("with_row_id"),
    "rerank": builds("rerank", "query_string", "normalize", value=reranker),
    "phrase_query": builds("phrase_query", value=switch),
    "bypass_vector_index": builds("bypass_vector_index", value=switch),
    "fast_search": builds("fast_search", value=switch),
    "ef": builds("ef"),
    "vector": half("vector"),
    "text": half("text"),
    "to_arrow": reads("arrow", form=calls.table),
    "to_list": reads("list", form=records),
    "to_pandas": reads(
        "pandas",
        "flatten",
        form=lambda _, value, order: canonical.frame(value, order),
        need="pandas",
    ),
    "to_batches": to_batches,
    "to_pydantic": to_pydantic,
    "to_df": reads("df", form=lambda _, value, order: canonical.frame(value, order), need="pandas"),
    "to_polars": reads(
        "polars",
        form=lambda session, value, order: records(session, value.to_dicts(), order),
        need="polars",
    ),
    "explain_plan": reads("plan", form=lambda _, value, order: common.plan(value)),
}
TABLE = {"search": search, "merge_insert": merge_insert}

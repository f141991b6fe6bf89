//! What the files of the tree are made of; `@noun`, `@verb` and the like are replaced by words.

/// Modules of a package.
pub(crate) const FILES: [&str; 25] = [
    "__init__",
    "models",
    "repository",
    "service",
    "views",
    "tasks",
    "utils",
    "search",
    "pipeline",
    "reports",
    "schemas",
    "clients",
    "cache",
    "events",
    "handlers",
    "exports",
    "imports_csv",
    "permissions",
    "settings",
    "queries",
    "metrics",
    "validators",
    "formatting",
    "scheduler",
    "commands",
];

/// Things.
pub(crate) const NOUNS: [&str; 40] = [
    "order",
    "invoice",
    "customer",
    "payment",
    "shipment",
    "product",
    "catalog",
    "supplier",
    "account",
    "ledger",
    "report",
    "document",
    "ticket",
    "message",
    "campaign",
    "audience",
    "session",
    "device",
    "sensor",
    "reading",
    "forecast",
    "budget",
    "contract",
    "employee",
    "schedule",
    "warehouse",
    "parcel",
    "route",
    "vehicle",
    "claim",
    "policy",
    "quote",
    "review",
    "rating",
    "basket",
    "coupon",
    "refund",
    "tax",
    "region",
    "store",
];

/// What functions do.
pub(crate) const VERBS: [&str; 24] = [
    "load",
    "fetch",
    "build",
    "update",
    "merge",
    "export",
    "import",
    "validate",
    "normalise",
    "aggregate",
    "filter",
    "group",
    "rank",
    "score",
    "sync",
    "refresh",
    "archive",
    "restore",
    "count",
    "search",
    "resolve",
    "apply",
    "collect",
    "publish",
];

/// Columns and keys.
pub(crate) const FIELDS: [&str; 24] = [
    "id",
    "name",
    "status",
    "created_at",
    "updated_at",
    "amount",
    "currency",
    "country",
    "region",
    "quantity",
    "price",
    "discount",
    "weight",
    "score",
    "category",
    "owner",
    "email",
    "version",
    "schema",
    "kind",
    "source",
    "reference",
    "vector",
    "text",
];

/// Attributes in which classes keep their data; `table` is one that vector stores have too.
pub(crate) const HOLDERS: [&str; 12] = [
    "table", "model", "rows", "source", "relation", "mapping", "backend", "entity", "target",
    "orders", "dataset", "items",
];

/// Docstrings and comments.
pub(crate) const PROSE: [&str; 48] = [
    "the",
    "rows",
    "of",
    "every",
    "customer",
    "are",
    "kept",
    "until",
    "nightly",
    "job",
    "has",
    "seen",
    "them",
    "because",
    "upstream",
    "sends",
    "duplicates",
    "when",
    "a",
    "retry",
    "happens",
    "and",
    "we",
    "must",
    "not",
    "count",
    "twice",
    "table",
    "index",
    "search",
    "results",
    "in",
    "memory",
    "before",
    "export",
    "to",
    "finance",
    "is",
    "allowed",
    "only",
    "for",
    "open",
    "periods",
    "see",
    "also",
    "import",
    "from",
    "legacy",
];

/// Imports of other libraries, and the words that need them.
pub(crate) const IMPORTS: [(&str, &[&str]); 9] = [
    ("import asyncio", &["asyncio."]),
    ("import json", &["json."]),
    ("import logging", &["logging."]),
    ("import re", &["re."]),
    ("from collections.abc import Iterable", &["Iterable["]),
    (
        "from datetime import (\n    date,\n    datetime,\n)",
        &["date.", "datetime."],
    ),
    ("import numpy as np", &["np."]),
    ("import pandas as pd", &["pd."]),
    ("import sqlalchemy as sa", &["sa."]),
];

/// Methods of a class that has `self.session`, `self.@holder` and `self.options`.
pub(crate) const METHODS: [&str; 12] = [
    r#"
    def @verb_@noun(self, @noun_id: int, *, limit: int = @number) -> list[dict]:
        """@prose

        Args:
            @noun_id: @prose
            limit: @prose

        Returns:
            @prose
        """
        query = self.session.query(self.@holder).where(self.@holder.c.@field == @noun_id)
        if limit:
            query = query.limit(limit).offset(0)
        rows = query.order_by(self.@holder.c.@field.desc()).all()
        logger.info("@verb %s rows of @noun %s", len(rows), @noun_id)
        return [dict(row._mapping) for row in rows]
"#,
    r#"
    def @verb_@noun_frame(self, frame: pd.DataFrame) -> pd.DataFrame:
        """@prose"""
        # @prose
        frame = frame[frame["@field"].notna()].copy()
        frame["@field"] = frame["@field"].fillna(0).add(frame["@field"])
        merged = frame.merge(self._cache["@noun"], on="@field", how="left")
        totals = merged.groupby(["@field", "@field"])["amount"].sum().reset_index()
        totals.update(merged.head(@number))
        return totals.drop(columns=["@field"]).rename(columns={"@field": "@noun_@field"})
"#,
    r#"
    def add(self, @noun, *, flush: bool = True):
        """@prose"""
        if @noun is None:
            raise ValueError("@noun is required: @prose")
        self.session.add(@noun)
        if flush:
            self.session.flush()
        self._cache.pop("@noun", None)
        return @noun
"#,
    r#"
    def delete(self, where: str | None = None) -> int:
        """@prose"""
        statement = sa.delete(self.@holder)
        if where is not None:
            statement = statement.where(sa.text(where))
        result = self.session.execute(statement)
        self.session.commit()
        return result.rowcount
"#,
    r#"
    async def @verb_@noun_async(self, client, payload: dict) -> dict:
        """@prose"""
        response = await client.post("/@noun/@field", json=payload, timeout=@number)
        if response.status_code >= 400:
            logger.warning("@verb @noun failed: %s", response.text)
            raise RuntimeError(f"@noun {payload['@field']!r} was refused: {response.status_code}")
        data = response.json()
        return {key: value for key, value in data.items() if key not in {"@field", "@field"}}
"#,
    r#"
    @property
    def schema(self):
        """@prose"""
        return {column.name: column.type for column in self.@holder.columns}
"#,
    r#"
    @property
    def version(self) -> int:
        """@prose"""
        return int(self.options.get("version", @number))
"#,
    r#"
    def search(self, text: str, *, limit: int = 10) -> list[str]:
        """@prose

        @prose
        """
        pattern = re.compile(rf"\b{re.escape(text)}\b") if text else None
        hits = []
        for key, frame in self._cache.items():
            names = frame["@field"].astype(str)
            mask = names.map(lambda name: pattern is None or pattern.search(name) is not None)
            hits.extend(f"{key}/{name}" for name in names[mask].to_list())
        return sorted(set(hits))[:limit]
"#,
    r#"
    def to_pandas(self, columns: list[str] | None = None) -> pd.DataFrame:
        """@prose"""
        result = self.session.execute(sa.select(self.@holder))
        frame = pd.DataFrame(result.fetchall(), columns=list(result.keys()))
        return frame if columns is None else frame[columns]
"#,
    r#"
    def __len__(self) -> int:
        return self.session.scalar(sa.select(sa.func.count()).select_from(self.@holder))
"#,
    r#"
    def @verb_@noun_matrix(self, values: np.ndarray, weight: float = 0.@number):
        """@prose"""
        if values.ndim != 2:
            raise ValueError(f"expected a matrix, got {values.shape}")
        norms = np.linalg.norm(values, axis=1, keepdims=True)
        scaled = np.divide(values, norms, out=np.zeros_like(values), where=norms > 0)
        # @prose
        # @prose
        scores = scaled @ scaled.T * weight
        order = np.argsort(-scores, axis=1)[:, :@number]
        return [(int(row), order[row].tolist()) for row in range(len(order))]
"#,
    r#"
    def @verb_@noun_@field(self, rows: "Iterable[dict]") -> dict:
        """@prose"""
        table: dict = {}
        for row in rows:
            key = (row.get("@field"), row.get("@field", "@noun"))
            if key in table and table[key] != row["@field"]:
                logger.debug("@noun %s changed from %s", key, table[key])
            table.setdefault(key, []).append(row)
        try:
            return {key: max(group, key=lambda row: row["@field"]) for key, group in table.items()}
        except (KeyError, TypeError) as error:
            raise LookupError("no @field in @noun") from error
"#,
];

/// Functions and classes beside the main class.
pub(crate) const FUNCTIONS: [&str; 8] = [
    r#"

def @verb_@noun_@field(session, rows, *, chunk=@number):
    """@prose

    @prose
    @prose
    """
    count = 0
    batch = []
    for row in rows:
        batch.append({"@field": row["@field"], "@field": row.get("@field")})
        if len(batch) >= chunk:
            session.bulk_insert_mappings(dict, batch)
            count += len(batch)
            batch.clear()
    if batch:
        session.bulk_insert_mappings(dict, batch)
    return count + len(batch)
"#,
    r#"

def read_@noun_csv(path, encoding="utf-8"):
    """@prose"""
    table = pd.read_csv(path, encoding=encoding, parse_dates=["created_at"])
    table = table[table["@field"] > @number].head(@number)
    table["@field"] = table["@field"].where(table["@field"].notna(), other=0)
    return table.to_dict(orient="records")
"#,
    r#"

class @Class@fieldError(Exception):
    """@prose"""

    def __init__(self, @noun, reason="@prose"):
        super().__init__(f"{@noun}: {reason}")
        self.reason = reason
"#,
    r#"

class @ClassRecord:
    """@prose"""

    kind = "@noun"
    fields = ("@field", "@field", "@field")

    def __init__(self, **values):
        for field in self.fields:
            setattr(self, field, values.get(field))

    def as_dict(self):
        return {field: getattr(self, field) for field in self.fields}

    def __repr__(self):
        return f"{type(self).__name__}({self.as_dict()})"
"#,
    r#"

def connect_@noun(url, *, retries=@number):
    """@prose"""
    engine = sa.create_engine(url, pool_pre_ping=True)
    for attempt in range(retries):
        try:
            return engine.connect()
        except sa.exc.OperationalError:
            logger.warning("attempt %d of %d failed", attempt, retries)
    raise ConnectionError(url)
"#,
    r#"

def @verb_@noun(frame: pd.DataFrame, by: str = "@field") -> pd.DataFrame:
    """@prose"""
    # @prose
    table = frame.pivot_table(index=by, columns="@field", values="amount", aggfunc="sum")
    table = table.sort_index().rolling(@number, min_periods=1).mean()
    # @prose
    names = [f"{column}_@noun" for column in table.columns]
    table.columns = names
    return table.reset_index().rename(columns={by: "@field"})
"#,
    r#"

def list_@noun_tables(db, schema="public"):
    """@prose"""
    inspector = sa.inspect(db)
    names = [name for name in inspector.get_table_names(schema=schema) if not name.startswith("_")]
    for name in names:
        if name in db.metadata.tables:
            yield name, db.metadata.tables[name]
"#,
    r#"

QUERY_@UPPER_@number = """
    select t.id, t.@field, sum(t.@field) as total
    from @noun as t
    left join @noun as other on other.id = t.@noun_id
    where t.created_at >= :since and t.@field is not null
    group by t.id, t.@field
    order by total desc
    limit :limit
"""
"#,
];

/// Modules that name the client.
pub(crate) const CLIENT_MODULES: [&str; 3] = [
    r#"
class VectorStore:
    """@prose"""

    def __init__(self, uri: str, name: str = "@noun"):
        import lancedb

        self.db = lancedb.connect(uri)
        if name in self.db.table_names():
            self.table = self.db.open_table(name)
        else:
            self.table = self.db.create_table(name, data=[{"id": 0, "vector": [0.0, 0.0]}])

    def find(self, vector, k: int = 10, where: str | None = None):
        """@prose"""
        query = self.table.search(vector).metric("cosine").limit(k)
        if where:
            query = query.where(where, prefilter=True)
        return query.to_pandas()

    def add(self, rows):
        self.table.add(rows)

    def forget(self, ids):
        self.table.delete(f"id in ({', '.join(map(str, ids))})")

    def __len__(self):
        return self.table.count_rows()


def open_store(uri: str = "data/@noun") -> VectorStore:
    """@prose"""
    return VectorStore(uri)

"#,
    r#"
import lancedb
from lancedb.pydantic import LanceModel, Vector


class @ClassRow(LanceModel):
    id: int
    text: str
    vector: Vector(384)


class VectorStore:
    def __init__(self, db: lancedb.DBConnection, table):
        self.db = db
        self.table = table

    def rebuild(self):
        """@prose"""
        self.table.create_index(metric="cosine", num_partitions=@number, num_sub_vectors=16)
        self.table.compact_files()
        self.table.cleanup_old_versions()
        logger.info("version %s, %d rows", self.table.version, len(self.table))

    def find(self, text, k=5):
        return self.table.search(text, query_type="hybrid").limit(k).to_list()


def open_store(uri="data/@noun"):
    db = lancedb.connect(uri)
    return VectorStore(db, db.create_table("@noun", schema=@ClassRow, exist_ok=True))

"#,
    r#"
from lancedb import connect as connect_lance


class VectorStore:
    """@prose"""

    def __init__(self, uri):
        self._db = connect_lance(uri)

    @property
    def table(self):
        return self._db["@noun"]

    def find(self, vector):
        return self.table.search(vector).select(["id", "text"]).to_arrow()

    def upsert(self, frame):
        self.table.merge_insert("id").when_matched_update_all().when_not_matched_insert_all().execute(frame)


def open_store(uri="data/@noun"):
    return VectorStore(uri)

"#,
];

/// Parts of modules that get the client's objects from a neighbour.
pub(crate) const CONSUMERS: [&str; 2] = [
    r#"
def similar_@noun(vector, k=@number):
    """@prose"""
    store = open_store()
    hits = store.table.search(vector).limit(k).to_list()
    logger.info("%d of %d rows", len(hits), store.table.count_rows())
    return hits

"#,
    r#"
class @ClassIndex:
    """@prose"""

    def __init__(self, store: VectorStore | None = None):
        self.store = store or open_store()

    def refresh(self, rows):
        self.store.table.add(rows)
        return self.store.find([0.0] * 384)

"#,
];

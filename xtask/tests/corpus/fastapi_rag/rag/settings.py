from functools import lru_cache
from typing import Optional

from pydantic import BaseModel


class Settings(BaseModel):
    lancedb_uri: str = "data/lancedb"
    table: str = "chunks"
    api_key: Optional[str] = None

    def update(self, **values) -> "Settings":
        return self.copy(update=values)


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    return Settings().update(table="chunks_v2")

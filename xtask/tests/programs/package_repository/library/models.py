from __future__ import annotations

from dataclasses import asdict, dataclass, field


@dataclass
class Book:
    isbn: str
    title: str
    year: int
    copies: int = 1
    vector: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])

    def as_row(self) -> dict:
        return asdict(self)

    @classmethod
    def from_row(cls, row: dict) -> Book:
        return cls(**{key: row[key] for key in ("isbn", "title", "year", "copies", "vector")})

from dataclasses import dataclass, field
from typing import Any

import lancedb

import stages

STAGES = {
    "clean": stages.clean,
    "enrich": stages.enrich,
    "report": stages.report,
}


@dataclass
class Context:
    table: Any
    log: list = field(default_factory=list)


def build_context(path):
    db = lancedb.connect(path)
    rows = [
        {"id": 1, "word": "  Apple", "score": 0.0},
        {"id": 2, "word": "pear ", "score": 0.0},
        {"id": 3, "word": "", "score": 0.0},
        {"id": 4, "word": "Fig", "score": 0.0},
    ]
    return Context(db.create_table("words", rows, mode="overwrite"))


def run_pipeline(context, names):
    for name in names:
        stage = STAGES[name]
        context.log.append(f"{name}: {stage(context)}")
    return context.log

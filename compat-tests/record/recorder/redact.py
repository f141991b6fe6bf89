"""Takes out of texts what is not the same from run to run: FORMAT.md, section "Values"."""

import re

PATTERNS = [
    # An error that a Python data source raised comes back with the whole traceback inside.
    (r"Traceback \(most recent call last\):.*\n(?=[\w.]+(?:: |$))", "<traceback> "),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>"),
    (r"/?[\w@.+/-]+\.rs:\d+(:\d+)?", "<source>"),
    (r"/[^\s'\"()]+\.py\b", "<source>"),
    (r"\b(task |Id\(|id: )\d{3,}", r"\1<number>"),
    (r"\b[01]{20,}[0-9a-f]{20,}\b", "<file>"),
    (r"\b[0-9a-f]{24,}(?=\.)", "<file>"),
    (r"0x[0-9a-f]{6,}", "<address>"),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?", "<time>"),
]
LIMIT = 600


def redact(text, root=None):
    """`root` is the folder of the scenario."""
    # Object stores write paths without the first slash.
    for path in (root, root.lstrip("/")) if root else ():
        text = text.replace(path, "<root>")
    for pattern, name in PATTERNS:
        text = re.sub(pattern, name, text, flags=re.DOTALL)
    text = " ".join(text.split())
    return text if len(text) <= LIMIT else text[:LIMIT] + "…"


def error(problem, root=None):
    kind = type(problem)
    name = kind.__qualname__
    if kind.__module__ != "builtins":
        name = f"{kind.__module__}.{name}"
    return {"class": name, "message": redact(str(problem), root)}

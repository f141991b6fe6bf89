"""Scenario and recording files: reading, writing, digest."""

import hashlib
import json
import struct

WIDTH = 140


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write(path, document):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(layout(document) + "\n")


def layout(value, indent=0):
    """JSON for people: what fits into a line stands in one."""
    line = json.dumps(value, ensure_ascii=False)
    nested = (
        isinstance(value, dict) or any(isinstance(v, (dict, list)) for v in value)
        if isinstance(value, (dict, list))
        else False
    )
    if not nested or not value or len(line) + indent <= WIDTH and indent:
        return line
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        parts = [
            f"{json.dumps(k, ensure_ascii=False)}: {layout(v, indent + 2)}"
            for k, v in value.items()
        ]
        signs = "{}"
    else:
        parts = [layout(item, indent + 2) for item in value]
        signs = "[]"
    body = ",\n".join(inner + part for part in parts)
    return f"{signs[0]}\n{body}\n{' ' * indent}{signs[1]}"


def digest(scenario):
    """What a recording was made from: FORMAT.md, section "Recording"."""
    part = {"data": scenario.get("data", {}), "steps": scenario["steps"]}
    return hashlib.sha256(hashed(part).encode("ascii")).hexdigest()


def hashed(value):
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return "f" + struct.pack(">d", value).hex()
    if isinstance(value, str):
        return '"' + value.encode("utf-8").hex() + '"'
    if isinstance(value, list):
        return "[" + ",".join(hashed(item) for item in value) + "]"
    pairs = sorted(value.items(), key=lambda pair: pair[0].encode("utf-8"))
    return "{" + ",".join(f"{hashed(k)}:{hashed(v)}" for k, v in pairs) + "}"

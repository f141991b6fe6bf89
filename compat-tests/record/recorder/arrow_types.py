"""The type texts of FORMAT.md, and what they are in pyarrow."""

import dataclasses

import pyarrow as pa

INTEGERS = "int8 int16 int32 int64 uint8 uint16 uint32 uint64".split()
FLOATS = "float16 float32 float64".split()
# Stored as integers, and written so.
MOMENTS = "date32 date64 time32 time64 timestamp duration".split()
PLAIN = {
    **{name: getattr(pa, name)() for name in INTEGERS + FLOATS},
    "null": pa.null(),
    "bool": pa.bool_(),
    "utf8": pa.utf8(),
    "large_utf8": pa.large_utf8(),
    "binary": pa.binary(),
    "large_binary": pa.large_binary(),
    "date32": pa.date32(),
    "date64": pa.date64(),
}
NAMES = {kind: name for name, kind in PLAIN.items()}


@dataclasses.dataclass(frozen=True)
class Child:
    name: str
    kind: "Kind"
    nullable: bool


@dataclasses.dataclass(frozen=True)
class Kind:
    """A parsed type text."""

    name: str
    numbers: tuple = ()
    words: tuple = ()
    children: tuple = ()

    @property
    def is_float(self):
        return self.name in FLOATS

    @property
    def is_integer(self):
        return self.name in INTEGERS or self.name in MOMENTS

    @property
    def is_decimal(self):
        return self.name.startswith("decimal")


def split(text):
    """The parts between commas that stand outside of brackets."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(text):
        depth += (sign in "<(") - (sign in ">)")
        if sign == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    parts.append(text[start:].strip())
    return parts


def child(text, name="item"):
    nullable = not text.endswith(" not null")
    return Child(name, parse(text if nullable else text[: -len(" not null")]), nullable)


def parse(text):
    """The `Kind` of a type text."""
    if text in PLAIN:
        return Kind(text)
    if text.endswith(")"):
        name, _, rest = text[:-1].partition("(")
        parts = split(rest)
        if name in ("fixed_size_binary", "decimal128", "decimal256"):
            return Kind(name, numbers=tuple(int(part) for part in parts))
        if name in ("time32", "time64", "timestamp", "duration"):
            return Kind(name, words=tuple(parts))
    elif text.endswith(">"):
        name, _, rest = text[:-1].partition("<")
        parts = split(rest)
        if name in ("list", "large_list"):
            return Kind(name, children=(child(parts[0]),))
        if name == "fixed_size_list":
            return Kind(name, numbers=(int(parts[1]),), children=(child(parts[0]),))
        if name == "struct":
            pairs = [part.partition(": ") for part in parts if part]
            return Kind(name, children=tuple(child(kind, field) for field, _, kind in pairs))
        if name in ("map", "dictionary"):
            return Kind(name, children=(child(parts[0], "key"), child(parts[1], "value")))
    raise ValueError(f"no type is written {text!r}")


def to_arrow(kind):
    """The pyarrow type of a type text or a `Kind`."""
    if isinstance(kind, str):
        kind = parse(kind)
    if kind.name in PLAIN:
        return PLAIN[kind.name]
    if kind.name == "fixed_size_binary":
        return pa.binary(kind.numbers[0])
    if kind.is_decimal or kind.words:
        return getattr(pa, kind.name)(*kind.numbers, *kind.words)
    fields = [pa.field(c.name, to_arrow(c.kind), c.nullable) for c in kind.children]
    if kind.name == "list":
        return pa.list_(fields[0])
    if kind.name == "large_list":
        return pa.large_list(fields[0])
    if kind.name == "fixed_size_list":
        return pa.list_(fields[0], kind.numbers[0])
    if kind.name == "struct":
        return pa.struct(fields)
    if kind.name == "map":
        return pa.map_(fields[0].type, fields[1])
    return pa.dictionary(fields[0].type, fields[1].type)


def text(kind):
    """The type text of a pyarrow type."""
    types = pa.types
    if kind in NAMES:
        return NAMES[kind]
    if types.is_fixed_size_binary(kind):
        return f"fixed_size_binary({kind.byte_width})"
    if types.is_decimal(kind):
        return f"decimal{kind.bit_width}({kind.precision}, {kind.scale})"
    if types.is_timestamp(kind):
        zone = f", {kind.tz}" if kind.tz else ""
        return f"timestamp({kind.unit}{zone})"
    if types.is_time(kind):
        return f"time{kind.bit_width}({kind.unit})"
    if types.is_duration(kind):
        return f"duration({kind.unit})"
    if types.is_fixed_size_list(kind):
        return f"fixed_size_list<{field_text(kind.value_field)}, {kind.list_size}>"
    if types.is_large_list(kind):
        return f"large_list<{field_text(kind.value_field)}>"
    if types.is_map(kind):
        return f"map<{text(kind.key_type)}, {field_text(kind.item_field)}>"
    if types.is_list(kind):
        return f"list<{field_text(kind.value_field)}>"
    if types.is_struct(kind):
        fields = [kind.field(at) for at in range(kind.num_fields)]
        return f"struct<{', '.join(f'{f.name}: {field_text(f)}' for f in fields)}>"
    if types.is_dictionary(kind):
        return f"dictionary<{text(kind.index_type)}, {text(kind.value_type)}>"
    raise ValueError(f"FORMAT.md has no text for the type {kind}")


def field_text(field):
    return text(field.type) + ("" if field.nullable else " not null")


def decimal_text(unscaled, scale):
    """All digits of the scale, as `12.50`."""
    sign = "-" if unscaled < 0 else ""
    digits = str(abs(unscaled)).rjust(scale + 1, "0")
    return sign + digits[: len(digits) - scale] + (f".{digits[-scale:]}" if scale else "")

"""Makes the values of described columns: the recipe of FORMAT.md, section "Data".

Values are canonical (FORMAT.md, section "Values"): dates are integers, decimals texts, binary hex.
"""

from . import arrow_types

MASK = 2**64 - 1
WORDS = (
    "amber basil cedar dune ember fjord grove harbor iris juniper kelp lagoon meadow "
    "Zürich 日本 o'clock"
).split(" ")


def fnv1a64(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


class Stream:
    """splitmix64."""

    def __init__(self, state):
        self.state = state & MASK

    def draw(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def pick(self, low, high):
        return low + self.draw() % (high - low + 1)

    def chance(self, percent):
        return percent > 0 and self.draw() % 100 < percent


def column_stream(seed, name):
    return Stream(seed ^ fnv1a64(name.encode("utf-8")))


def column_values(seed, rows, column):
    """The canonical values of one column of a data set."""
    stream = column_stream(seed, column["name"])
    kind = arrow_types.parse(column["type"])
    return [one(stream, kind, column, row) for row in range(rows)]


def one(stream, kind, options, row):
    if stream.chance(options.get("nulls", 0)):
        return None
    how = options.get("kind", "random")
    if how == "sequence":
        number = options.get("start", 0) + row * options.get("step", 1)
        if kind.name in ("utf8", "large_utf8"):
            return f"{options.get('prefix', '')}{number}"
        return float(number) if kind.is_float else number
    if how == "cycle":
        return options["values"][row % len(options["values"])]
    if how == "choice":
        return options["values"][stream.draw() % len(options["values"])]
    if how == "values":
        return options["values"][row]
    if how == "random":
        return random_value(stream, kind, options)
    raise ValueError(f"no kind of column is called {how!r}")


def random_value(stream, kind, options):
    name = kind.name
    if kind.is_float:
        if stream.chance(options.get("nan", 0)):
            return "NaN"
        return stream.pick(options.get("low", -64), options.get("high", 63)) / 64
    if kind.is_integer:
        return stream.pick(options.get("low", 0), options.get("high", 99))
    if name == "bool":
        return stream.draw() % 2 == 1
    if kind.is_decimal:
        unscaled = stream.pick(options.get("low", 0), options.get("high", 9999))
        return arrow_types.decimal_text(unscaled, kind.numbers[1])
    if name in ("utf8", "large_utf8"):
        words = options.get("words", WORDS)
        count = stream.pick(*options.get("length", [1, 3]))
        return " ".join(words[stream.draw() % len(words)] for _ in range(count))
    if name in ("binary", "large_binary"):
        return random_bytes(stream, stream.pick(*options.get("length", [0, 4])))
    if name == "fixed_size_binary":
        return random_bytes(stream, kind.numbers[0])
    if name in ("list", "large_list", "fixed_size_list"):
        if name == "fixed_size_list":
            count = kind.numbers[0]
        else:
            count = stream.pick(*options.get("length", [0, 3]))
        items = options.get("items", {})
        return [one(stream, kind.children[0].kind, items, 0) for _ in range(count)]
    if name == "struct":
        return {child.name: random_value(stream, child.kind, {}) for child in kind.children}
    if name == "dictionary":
        return random_value(stream, kind.children[1].kind, options)
    raise ValueError(f"a column of {name} has literal values only")


def random_bytes(stream, count):
    return bytes(stream.draw() % 256 for _ in range(count)).hex()

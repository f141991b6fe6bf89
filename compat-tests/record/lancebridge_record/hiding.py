"""Replaces values by others, so that a scenario of private data can be passed on
(`LANCEBRIDGE_RECORD_HASH=1`).

Equal values become equal values, and different ones different ones; which ones is drawn anew in
every run and written nowhere:

* texts and binary become random hex;
* whole numbers become others of the same size (so many bits, the same sign), but 0, 1 and -1 stay;
  broken numbers become random ones; NaN, the infinities and truth values stay;
* dates and points in time are moved by a number of days;
* vectors get their dimensions in another order and some with the other sign, so that all distances
  stay; whoever has many of the real vectors can find out which;
* messages of errors are left out.

Names of tables and columns, numbers of rows, limits, versions, and the lengths of lists stay as
they are. A filter keeps its meaning only if it asks for equality: `=`, `!=`, `IN`, `IS NULL`, with
AND, OR and NOT. Calls with other filters and expressions, and searches for words, are listed as not
recorded.
"""

import random
import re

from recorder import arrow_types, canonical

from .errors import Inexpressible

TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<name>`[^`]*`|[^\W\d][\w.]*)|(?P<sign><>|!=|==|[=(),]))"
)
WORDS = {"and", "or", "not", "in", "is", "null", "true", "false"}
# Numbers that the client makes, not the program.
MADE = {"_distance", "_score", "_relevance_score", "_rowid", "query_index"}
DAY = 86400
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


class Hiding:
    def __init__(self):
        self.random = random.SystemRandom()
        self.texts, self.numbers, self.floats, self.turns = {}, {}, {}, {}
        self.days = self.random.randrange(100, 3000)

    # Single values

    def text(self, value, digits=12):
        if value not in self.texts:
            self.texts[value] = f"{self.random.getrandbits(4 * digits):0{digits}x}" if value else ""
        return self.texts[value]

    def integer(self, value):
        """Another number of as many bits, so that it fits wherever this one did."""
        if value not in self.numbers:
            bits = abs(value).bit_length()
            if bits > 1:
                self.numbers[value] = self.unused(value, bits)
            else:
                # Of 0, 1 and -1 there are no others.
                self.numbers[value] = value
        return self.numbers[value]

    def unused(self, value, bits):
        sign = 1 if value > 0 else -1
        taken = {abs(other) for known, other in self.numbers.items() if (known > 0) == (value > 0)}
        low, high = 2 ** (bits - 1), 2**bits
        if bits > 16:
            while (other := self.random.randrange(low, high)) in taken:
                pass
            return sign * other
        return sign * self.random.choice([n for n in range(low, high) if n not in taken])

    def float(self, value):
        if isinstance(value, str) or value == 0:
            return value
        if value == int(value) and abs(value) < 2**53:
            return float(self.integer(int(value)))
        if value not in self.floats:
            known = set(self.floats.values())
            while (other := self.random.randrange(1, 2**20) / 2**21) in known:
                pass
            self.floats[value] = other
        return self.floats[value]

    def vector(self, values):
        """The same turn for all vectors of a length."""
        size = len(values)
        if size not in self.turns:
            order = self.random.sample(range(size), size)
            self.turns[size] = [(at, self.random.choice([1, -1])) for at in order]
        return [self.signed(values[at], sign) for at, sign in self.turns[size]]

    def signed(self, value, sign):
        if isinstance(value, (int, float)):
            return value * sign
        flips = {"Infinity": "-Infinity", "-Infinity": "Infinity"}
        return flips.get(value, value) if sign < 0 else value

    def value(self, value, kind):
        """A canonical value of a type."""
        if value is None or kind == "bool":
            return value
        name = re.match(r"\w+", kind)[0]
        if name in ("utf8", "large_utf8"):
            return self.text(value)
        if "binary" in name:
            return self.text(value, digits=len(value))
        if name.startswith("float"):
            return self.float(value)
        if "int" in name:
            return self.integer(value)
        if name == "date32":
            return value + self.days
        if name == "timestamp":
            unit = re.match(r"timestamp\((\w+)", kind)[1]
            return value + self.days * DAY * UNITS[unit]
        if name in ("list", "large_list", "fixed_size_list"):
            if "<float" in kind:
                return self.vector(value)
            child = arrow_types.parse(kind).children[0].kind
            return [self.value(item, child.name) for item in value]
        raise Inexpressible(f"values of type {kind} cannot be hidden")

    # Arguments and answers

    def argument(self, name, value):
        if name == "where" and value is not None:
            return self.sql(value)
        if name == "values":
            return {column: self.loose(item) for column, item in value.items()}
        if name in ("values_sql", "columns", "select") and isinstance(value, dict):
            return {column: self.sql(text) for column, text in value.items()}
        return value

    def loose(self, value):
        """A value whose type is not known but by itself."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int):
            return self.integer(value)
        if isinstance(value, float):
            return self.float(value)
        if isinstance(value, list) and all(isinstance(item, (int, float)) for item in value):
            return self.vector(value)
        raise Inexpressible("a value that cannot be hidden")

    def answer(self, answer):
        if not isinstance(answer, dict):
            return answer
        if "rows" in answer:
            names = [(name, kind) for name, kind, _ in answer["schema"]]
            rows = [
                [v if name in MADE else self.value(v, kind) for v, (name, kind) in zip(row, names)]
                for row in answer["rows"]
            ]
            column, order = canonical.ranking([name for name, _ in names], answer["order"])
            at = [name for name, _ in names].index(column) if column else None
            return {**answer, "rows": canonical.arranged(rows, order, lambda row: row[at])}
        if "records" in answer:
            rows = [
                {name: v if name in MADE else self.loose(v) for name, v in row.items()}
                for row in answer["records"]
            ]
            column, order = canonical.ranking(rows[0] if rows else [], answer["order"])
            return {**answer, "records": canonical.arranged(rows, order, lambda row: row[column])}
        return answer

    def sql(self, text):
        """A filter or expression that asks for nothing but equality."""
        parts, at = [], 0
        while text[at:].strip():
            token = TOKEN.match(text, at)
            if token is None:
                raise Inexpressible(
                    "an expression that asks for more than equality of hidden values"
                )
            at = token.end()
            if token["text"]:
                parts.append("'" + self.text(token["text"][1:-1].replace("''", "'")) + "'")
            elif token["number"]:
                number = token["number"]
                parts.append(
                    str(
                        self.integer(int(number))
                        if number.lstrip("-").isdigit()
                        else self.float(float(number))
                    )
                )
            else:
                parts.append(token["name"] or token["sign"])
        for word, following in zip(parts, parts[1:]):
            if following == "(" and re.fullmatch(r"[\w.]+", word) and word.lower() not in WORDS:
                raise Inexpressible("a function of hidden values")
        return " ".join(parts)

"""A stand-in for an embedding model: hashed word counts, normalised."""

import math
import re
import zlib

DIM = 16


def embed(text: str) -> list:
    vector = [0.0] * DIM
    for word in re.findall(r"[a-z]+", text.lower()):
        vector[zlib.crc32(word.encode()) % DIM] += 1.0
    length = math.sqrt(sum(x * x for x in vector)) or 1.0
    return [x / length for x in vector]

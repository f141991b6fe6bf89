#!/usr/bin/env python
import argparse
import glob
import json
import sys

import lancedb
import pyarrow as pa
from tqdm import tqdm

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--uri", default="data/ingest")
args = parser.parse_args()

schema = pa.schema([("id", pa.int64()), ("vector", pa.list_(pa.float32(), 8))])
db = lancedb.connect(args.uri)  #~ connect
try:
    table = db.open_table("files")  #~ open_table
except (FileNotFoundError, ValueError):  
    table = db.create_table("files", schema=schema)  #~ create_table

seen = set()
buffer = []
for path in tqdm(sorted(glob.glob(args.folder + "/*.json"))):
    record = json.load(open(path))
    if record["id"] in seen:
        continue
    seen.add(record["id"])
    buffer.insert(0, record)
    if len(buffer) >= 1000:
        table.add(buffer)  #~ add
        buffer.clear()
if buffer:
    table.add(buffer)  #~ add

print("rows:", table.count_rows(), "files:", len(seen), file=sys.stderr)  #~ count_rows
print(table.search([0.0] * 8).limit(1).to_list()[0]["id"])  #~ search, to_list

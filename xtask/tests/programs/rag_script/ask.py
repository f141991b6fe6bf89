import argparse

import lancedb

from config import DB_URI, TABLE_NAME
from embedder import embed

parser = argparse.ArgumentParser()
parser.add_argument("question")
parser.add_argument("--source")
parser.add_argument("-k", type=int, default=2)
args = parser.parse_args()

table = lancedb.connect(DB_URI).open_table(TABLE_NAME)
query = table.search(embed(args.question)).limit(args.k)
if args.source:
    query = query.where(f"source = '{args.source}'", prefilter=True)

context = query.to_list()
print("Q:", args.question)
for rank, chunk in enumerate(context, 1):
    print(f"{rank}. [{chunk['id']}] {chunk['text']}")

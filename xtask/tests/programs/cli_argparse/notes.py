#!/usr/bin/env python
"""Keeps notes in LanceDB: notes.py add TOPIC --text TEXT, notes.py list, notes.py drop TOPIC."""

import argparse
import sys

import lancedb


def connect(args):
    return lancedb.connect(args.db)


def notes_table(db):
    try:
        return db.open_table("notes")
    except FileNotFoundError:
        return None


def cmd_add(args):
    db = connect(args)
    row = {"topic": args.topic, "text": args.text, "length": len(args.text)}
    table = notes_table(db)
    if table is None:
        db.create_table("notes", data=[row])
        print("started a new notebook")
    else:
        table.add([row])
    print(f"added a note on {args.topic}")
    return 0


def cmd_list(args):
    table = notes_table(connect(args))
    if table is None:
        print("nothing yet", file=sys.stderr)
        return 1
    query = table.search()
    if args.topic:
        query = query.where(f"topic = '{args.topic}'")
    for row in sorted(query.limit(100).to_list(), key=lambda r: (r["topic"], r["text"])):
        print(f"{row['topic']}: {row['text']}")
    return 0


def cmd_drop(args):
    table = notes_table(connect(args))
    before = table.count_rows()
    table.delete(f"topic = '{args.topic}'")
    print(f"dropped {before - table.count_rows()}")
    return 0


def cmd_tables(args):
    print(*connect(args).table_names())
    return 0


COMMANDS = {"add": cmd_add, "list": cmd_list, "drop": cmd_drop, "tables": cmd_tables}


def parse(argv):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", default="notes.lancedb")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add")
    add.add_argument("topic")
    add.add_argument("--text", required=True)
    commands.add_parser("list").add_argument("--topic")
    commands.add_parser("drop").add_argument("topic")
    commands.add_parser("tables")
    return parser.parse_args(argv)


def main(argv=None):
    args = parse(argv)
    return COMMANDS[args.command](args)


if __name__ == "__main__":
    sys.exit(main())

"""Command line: python -m recipes.cli search|words|titles|stats|rename|tidy"""

import argparse
import sys

from .store import DEFAULT_URI, RecipeStore


def show(rows) -> None:
    for row in rows:
        print(f"{row['id']:4} {row['title']} ({row['minutes']} min, {row['course']})")


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uri", default=str(DEFAULT_URI))
    commands = parser.add_subparsers(dest="command", required=True)
    search = commands.add_parser("search")
    search.add_argument("text")
    search.add_argument("--course")
    search.add_argument("--max-minutes", type=int)
    commands.add_parser("words").add_argument("text")
    commands.add_parser("titles")
    commands.add_parser("stats")
    rename = commands.add_parser("rename")
    rename.add_argument("old")
    rename.add_argument("new")
    commands.add_parser("tidy")
    return parser


def main(argv=None) -> int:
    args = build_parser().parse_args(argv)
    store = RecipeStore(args.uri)
    if not store.table:
        print("empty: run `python -m recipes.ingest` first", file=sys.stderr)
        return 1
    if args.command == "search":
        show(store.search(args.text, course=args.course, max_minutes=args.max_minutes))
    elif args.command == "words":
        show(store.words(args.text))
    elif args.command == "titles":
        print("\n".join(store.all_titles()))
    elif args.command == "stats":
        frame = store.table.to_pandas()
        print(store.info())
        print(frame.groupby("course")["minutes"].describe())
    elif args.command == "rename":
        store.rename_course(args.old, args.new)
    else:
        print(store.tidy())
    return 0


if __name__ == "__main__":
    sys.exit(main())

//! Loops that could run their calls at the same time.

use serde_json::Value;

use crate::support::{json, project};

/// Lines that end in `# together` are to be reported, and no others.
const LOOPS: &str = "\
import time

import lancedb

db = lancedb.connect(\"data\")
t = db.open_table(\"a\")


def find(vector):
    return t.search(vector).limit(2).to_list()


def store(row):
    t.add([row])


def keep(row):
    store(row)


def search_all(queries, tables):
    results = []
    for q in queries:  # together
        results.append(t.search(q).limit(2).to_list())
    for q in queries:  # together
        rows = find(q)
        results.extend(rows)
    sizes = {}
    for name in tables:  # together
        table = db.open_table(name)
        if table.count_rows() > 3:
            sizes[name] = \"large\"
        else:
            sizes[name] = \"small\"
    total = 0
    for name in tables:  # together
        total += db.open_table(name).count_rows()
    for q in queries:  # together
        for name in tables:
            results.append(db.open_table(name).search(q).to_list())
    by_kind = {}
    for q in queries:  # together
        by_kind.setdefault(q.kind, []).append(find(q))
    return results, sizes, total, by_kind


def comprehensions(queries, names):
    rows = [find(q) for q in queries]  # together
    sizes = {n: db.open_table(n).count_rows() for n in names}  # together
    total = sum(db.open_table(n).count_rows() for n in names)  # together
    filled = [n for n in names if db.open_table(n).count_rows()]
    found = any(find(q) for q in queries)
    same = [find([0.0]) for _ in range(3)]
    return rows, sizes, total, filled, found, same


def one_after_the_other(queries, names, cursor):
    for q in queries:
        t.add([q])
    for q in queries:
        keep(q)
    for name in names:
        db.drop_table(name)
    last = None
    for q in queries:
        last = find(last or q)
    for q in queries:
        if find(q):
            break
    for q in queries:
        if find(q):
            return q
    for q in queries:
        try:
            find(q)
        except ValueError:
            pass
    seen = []
    for q in queries:
        if q not in seen:
            seen.append(find(q))
    for q in queries:
        cursor = t.search(cursor).limit(1).to_list()
    for _ in range(5):
        find([0.0])
    for q in queries:
        started = time.perf_counter()
        find(q)
        print(time.perf_counter() - started)
    for q in queries:
        with open(q) as file:
            find(file.read())
    while queries:
        find(queries.pop())
    for q in queries:
        print(q)


class Finder:
    def __init__(self):
        self.table = db.open_table(\"b\")
        self.found = []

    def all(self, queries):
        for q in queries:  # together
            self.found.append(self.table.search(q).to_list())
        for q in queries:
            self.found = self.table.search(self.found or q).to_list()
";

fn lines(suggestions: &Value) -> Vec<u64> {
    let suggestions = suggestions.as_array().unwrap().iter();
    suggestions
        .map(|one| one["line"].as_u64().unwrap())
        .collect()
}

fn marked(text: &str) -> Vec<u64> {
    let lines = (1..).zip(text.lines());
    lines
        .filter(|(_, line)| line.ends_with("# together"))
        .map(|(number, _)| number)
        .collect()
}

#[test]
fn loops_of_independent_reads_are_reported_and_no_others() {
    let folder = project(&[("loops.py", LOOPS)]);
    let map = json(folder.path(), &["--async-map"]);
    assert_eq!(lines(&map["suggestions"]), marked(LOOPS));
}

#[test]
fn what_is_asynchronous_already_is_looked_at_too() {
    let text = "\
import lancedb


async def find(t, q):
    return await (await t.search(q)).to_list()


async def all(names, queries):
    db = await lancedb.connect_async(\"data\")
    sizes = []
    for name in names:  # together
        table = await db.open_table(name)
        sizes.append(await table.count_rows())
    for name in names:
        await db.drop_table(name)
    t = await db.open_table(\"a\")
    found = [await find(t, q) for q in queries]  # together
    async for batch in await t.query().to_batches():
        await find(t, batch)
    return sizes, found
";
    let folder = project(&[("done.py", text)]);
    let map = json(folder.path(), &["--async-map"]);
    assert_eq!(map["groups"].as_array().unwrap().len(), 0);
    assert_eq!(lines(&map["suggestions"]), marked(text));
    assert!(map["suggestions"][0]["group"].is_null());
}

//! `--async-map`, and the map in the reports of the audit.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::shop;
use crate::support::{code, program, project, run, stdout};

/// The schema of a part of the report.
pub(super) fn validator(part: &str) -> jsonschema::Validator {
    let text = include_str!("../../../../migration-docs/report.schema.json");
    let mut schema: Value = serde_json::from_str(text).unwrap();
    close(&mut schema);
    let all = schema.as_object_mut().unwrap();
    all.retain(|key, _| key.starts_with('$'));
    all.insert("$ref".to_owned(), json!(format!("#/$defs/{part}")));
    jsonschema::validator_for(&schema).unwrap()
}

/// Forbids fields that the schema does not name.
fn close(schema: &mut Value) {
    if let Value::Object(object) = schema {
        if object.contains_key("required") {
            object.insert("additionalProperties".to_owned(), json!(false));
        }
        object.values_mut().for_each(close);
    }
}

/// Every project of the corpus, and every program.
pub(super) fn projects() -> Vec<PathBuf> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut projects: Vec<PathBuf> = ["corpus", "programs"]
        .iter()
        .flat_map(|kind| std::fs::read_dir(tests.join(kind)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    projects.sort();
    projects
}

fn map_of(files: &[(&str, &str)]) -> String {
    stdout(&run(project(files).path(), &["--async-map"]))
}

#[test]
fn the_tree_goes_from_those_who_run_a_function_down_to_the_calls() {
    let output = run(shop().path(), &["--async-map"]);
    assert_eq!(code(&output), 1);
    insta::assert_snapshot!(stdout(&output));
}

#[test]
fn what_runs_a_function_is_told() {
    let fixtures = "\
import lancedb
import pytest


@pytest.fixture
def db(tmp_path):
    return lancedb.connect(tmp_path)


@pytest.fixture
def shop(db):
    return db.create_table(\"shop\", [{\"id\": 1}])
";
    let tests = "\
def test_rows(shop):
    assert shop.count_rows() == 1
";
    let commands = "\
import contextlib

import click
import lancedb


@contextlib.contextmanager
def opened(uri):
    yield lancedb.connect(uri)


@click.command()
def ids(uri):
    with opened(uri) as db:
        for row in rows(db):
            print(row)


def rows(db):
    yield from db.open_table(\"a\").to_arrow().to_pylist()
";
    let web = "\
import lancedb
from fastapi import FastAPI

app = FastAPI()


def table():
    return lancedb.connect(\"data\").open_table(\"a\")


@app.get(\"/\")
async def size():
    return table().count_rows()
";
    let map = map_of(&[
        ("tests/conftest.py", fixtures),
        ("tests/test_shop.py", tests),
        ("commands.py", commands),
        ("web.py", web),
        ("pytest.ini", "[pytest]\nasyncio_mode = auto\n"),
    ]);
    insta::assert_snapshot!(map);
}

#[test]
fn callers_in_files_that_never_name_the_client_are_seen() {
    let stock = super::STOCK;
    let counter = "\
import lancedb


class Counter:
    def total(self):
        return lancedb.connect(\"data\").open_table(\"a\").count_rows()
";
    let package = "from .stock import stock\n";
    let direct = "import shop.stock as s\n\n\ndef direct():\n    return s.stock(\"data\")\n";
    let again = "from shop import stock\n\n\ndef again():\n    return stock(\"data\")\n";
    let far = "from again import again\n\n\ndef far():\n    return again() + 1\n";
    let method = "\
from counter import Counter


def method():
    return Counter().total()
";
    let map = map_of(&[
        ("shop/__init__.py", package),
        ("shop/stock.py", stock),
        ("counter.py", counter),
        ("direct.py", direct),
        ("again.py", again),
        ("far.py", far),
        ("method.py", method),
        ("other.py", "from shop import nothing\n"),
    ]);
    for line in [
        "  direct  direct.py:4  async def, no caller here",
        "  far  far.py:4  async def, no caller here",
        "  └─ again  again.py:4  async def",
        "  method  method.py:4  async def, no caller here",
    ] {
        assert!(map.lines().any(|own| own == line), "{line}\n{map}");
    }
}

#[test]
fn what_calls_itself_is_printed_once() {
    let walk = "\
import lancedb

db = lancedb.connect(\"data\")


def even(n):
    return n == 0 or odd(n - 1)


def odd(n):
    table = db.open_table(\"numbers\")
    return table.count_rows() != 0 and even(n - 1)
";
    insta::assert_snapshot!(map_of(&[("walk.py", walk)]));
}

#[test]
fn long_lines_end_where_the_terminal_does() {
    let shop = shop();
    let narrow = program(shop.path(), &["--async-map"])
        .env("COLUMNS", "60")
        .output()
        .unwrap();
    for line in stdout(&narrow).lines() {
        // A name and its place stay on one line, and so does a heading.
        let is_place = line.split_whitespace().count() <= 3 || line.starts_with("Group");
        assert!(line.chars().count() <= 60 || is_place, "{line}");
    }
}

#[test]
fn colours_are_for_terminals() {
    let shop = shop();
    let plain = stdout(&run(shop.path(), &["--async-map"]));
    assert!(!plain.contains('\u{1b}'));
    let colored = program(shop.path(), &["--async-map"])
        .env("CLICOLOR_FORCE", "1")
        .output()
        .unwrap();
    let colored = stdout(&colored);
    assert!(colored.contains('\u{1b}'));
    assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain);
}

#[test]
fn a_project_without_the_client_has_no_map() {
    let output = run(project(&[("a.py", "x = 1\n")]).path(), &["--async-map"]);
    assert_eq!(code(&output), 0);
    assert_eq!(stdout(&output), "No function has to become async.\n");
}

#[test]
fn every_project_has_a_map_that_fits_the_schema_and_its_report() {
    let (map_schema, report_schema) = (validator("asyncMap"), report_validator());
    for project in projects() {
        let read = |words: &[&str]| -> Value {
            let output = run(&project, &[words, &["--format", "json", "."]].concat());
            serde_json::from_slice(&output.stdout).unwrap()
        };
        let (map, report) = (read(&["--async-map"]), read(&[]));
        let name = project.display();
        let errors = |validator: &jsonschema::Validator, value: &Value| -> Vec<String> {
            let errors = validator.iter_errors(value);
            errors
                .map(|error| format!("{name} {}: {error}", error.instance_path()))
                .collect()
        };
        assert_eq!(errors(&map_schema, &map), Vec::<String>::new());
        assert_eq!(errors(&report_schema, &report), Vec::<String>::new());
        assert_eq!(report["async_map"], map, "{name}");
        functions_and_findings_agree(&report);
    }
}

fn report_validator() -> jsonschema::Validator {
    let text = include_str!("../../../../migration-docs/report.schema.json");
    let mut schema: Value = serde_json::from_str(text).unwrap();
    close(&mut schema);
    jsonschema::validator_for(&schema).unwrap()
}

/// Every finding belongs to one group, and the list of functions is that of the map.
fn functions_and_findings_agree(report: &Value) {
    let list = |value: &Value| value.as_array().unwrap().clone();
    let groups = list(&report["async_map"]["groups"]);
    let mut in_groups: Vec<Value> = groups
        .iter()
        .flat_map(|own| list(&own["findings"]))
        .collect();
    let mut found: Vec<Value> = list(&report["findings"])
        .iter()
        .map(|finding| finding["fingerprint"].clone())
        .collect();
    for prints in [&mut in_groups, &mut found] {
        prints.sort_by_key(Value::to_string);
    }
    assert_eq!(in_groups, found);
    let place = |one: &Value| json!([one["path"], one["line"], one["function"]]);
    let stays = ["plain", "passes-on", "already-async"].map(|shape| json!(shape));
    let mut changing: Vec<Value> = groups
        .iter()
        .flat_map(|group| list(&group["functions"]))
        .filter(|node| !node["function"].is_null() && !stays.contains(&node["shape"]))
        .map(|node| place(&node))
        .collect();
    let functions = list(&report["summary"]["async_functions"]);
    let mut listed: Vec<Value> = functions.iter().map(place).collect();
    for functions in [&mut changing, &mut listed] {
        functions.sort_by_key(Value::to_string);
    }
    assert_eq!(changing, listed);
}

#[test]
fn the_page_has_the_map_with_links_to_lines() {
    let shop = shop();
    let page = stdout(&run(shop.path(), &["--format", "html"]));
    let (_, rest) = page
        .split_once("<script type=\"application/json\" id=\"data\">")
        .unwrap();
    let data: Value = serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap();
    let blocked = &data["groups"][0];
    assert_eq!(blocked["safety"], "blocked");
    let places = &blocked["blockers"][0]["places"];
    assert_eq!(places[0]["text"], "shop/names.py:8:9");
    assert_eq!(places[0]["spot"]["line"], 8);
    let roots = data["groups"][2]["roots"].as_array().unwrap();
    assert_eq!(roots.len(), 1, "{}", data["groups"][2]);
}

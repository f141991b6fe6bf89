//! `plan`: batches in order, with what is known of each.

use serde_json::Value;

use super::{shop, tree};
use crate::support::{code, json, project, put, run, stderr, stdout};

#[test]
fn batches_come_with_reasons_tests_and_commands() {
    let output = run(shop().path(), &["plan"]);
    assert_eq!(code(&output), 1);
    insta::assert_snapshot!(stdout(&output));
}

#[test]
fn the_commands_of_the_plan_do_what_they_say_in_any_order() {
    let shop = shop();
    let plan = json(shop.path(), &["plan"]);
    let commands = |plan: &Value| -> Vec<(String, String)> {
        let batches = plan["batches"].as_array().unwrap().iter();
        batches
            .filter_map(|batch| {
                let key = batch["key"].as_str()?.to_owned();
                Some((key, batch["apply"].as_str()?.to_owned()))
            })
            .collect()
    };
    let all = commands(&plan);
    assert_eq!(all.len(), 2);
    // The last one first: numbers change, keys do not.
    for (at, (key, command)) in all.iter().enumerate().rev() {
        let words: Vec<&str> = command.split_whitespace().skip(1).collect();
        let output = run(
            shop.path(),
            &[words.as_slice(), &["--allow-dirty"]].concat(),
        );
        assert!(
            stdout(&output).starts_with("Rewrote "),
            "{}",
            stderr(&output)
        );
        let left = commands(&json(shop.path(), &["plan"]));
        assert!(left.iter().all(|(other, _)| other != key));
        assert_eq!(left, all[..at]);
    }
    let left = json(shop.path(), &["plan"]);
    assert_eq!(left["batches"].as_array().unwrap().len(), 1);
    assert_eq!(left["batches"][0]["safety"], "blocked");
}

#[test]
fn plans_fit_the_schema() {
    let validator = tree::validator("plan");
    let plan = json(shop().path(), &["plan"]);
    let errors: Vec<String> = validator
        .iter_errors(&plan)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, Vec::<String>::new());
}

#[test]
fn tests_are_those_of_the_batch_and_those_that_import_it() {
    let plan = json(shop().path(), &["plan"]);
    let tests = |file: &str| {
        let mut batches = plan["batches"].as_array().unwrap().iter();
        let batch = batches.find(|batch| batch["files"].to_string().contains(file));
        batch.unwrap()["tests"].clone()
    };
    assert_eq!(
        tests("stock.py"),
        serde_json::json!(["tests/test_stock.py::test_stock"])
    );
    // Through `shop/offers.py`.
    assert_eq!(
        tests("prices.py"),
        serde_json::json!(["tests/test_offers.py"])
    );
    assert_eq!(tests("names.py"), serde_json::json!([]));
}

#[test]
fn the_plan_of_a_clean_project_is_empty() {
    let folder = project(&[("a.py", "x = 1\n")]);
    let output = run(folder.path(), &["plan"]);
    assert_eq!(code(&output), 0);
    assert_eq!(stdout(&output), "There is nothing to rewrite.\n");
}

#[test]
fn a_folder_called_plan_is_named_with_its_dot() {
    let folder = project(&[("a.py", "x = 1\n")]);
    put(folder.path(), "plan/store.py", super::STOCK);
    let command = run(folder.path(), &["plan", "a.py"]);
    assert_eq!(code(&command), 0);
    assert!(stderr(&command).contains("the folder of this name is `./plan`"));
    let audit = run(folder.path(), &["./plan"]);
    assert_eq!(code(&audit), 1);
    assert!(stdout(&audit).contains("plan/store.py"));
}

#[test]
fn paths_and_options_stand_in_the_commands() {
    let folder = project(&[("my shop/stock.py", super::STOCK)]);
    let words = ["plan", "--min-confidence", "possible", "my shop"];
    let plan = json(folder.path(), &words);
    let apply = plan["batches"][0]["apply"].as_str().unwrap();
    assert!(
        apply.starts_with("cargo migrate-check --min-confidence possible 'my shop' --fix --batch "),
        "{apply}"
    );
}

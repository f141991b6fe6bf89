//! How queries are executed.

use std::fmt::Write as _;

use lancebridge_async::index::{BTree, IvfFlat};
use lancebridge_compat_macros::dual;

use super::assert_text;
use crate::support::{folder, rows, uri};

/// The plan without the steps that spread rows over processors, which are as many as the machine has.
fn on_one_processor(plan: &str) -> String {
    let spreads = [
        "RepartitionExec",
        "CoalescePartitionsExec",
        "SortPreservingMergeExec",
    ];
    let mut text = String::new();
    // How far the steps that are left out are indented, whose inputs take their place.
    let mut left_out: Vec<usize> = Vec::new();
    for line in plan.lines() {
        let step = line.trim_start();
        let indent = line.len() - step.len();
        left_out.retain(|outer| *outer < indent);
        if spreads.iter().any(|name| step.starts_with(name)) {
            left_out.push(indent);
        } else {
            let indent = indent - 2 * left_out.len();
            let _ = writeln!(text, "{:indent$}{step}", "");
        }
    }
    text
}

#[dual]
async fn queries_explain_themselves() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let table = db.create_table("t", rows(300, 2)).execute().await.unwrap();
    let mut text = String::new();
    for indexed in ["no index", "indices on id and vector"] {
        let _ = writeln!(text, "# {indexed}\n");
        let mut say = |what: &str, plan: String| {
            let _ = writeln!(text, "## {what}\n{}", on_one_processor(&plan));
        };
        let scan = || table.query();
        say("scan", scan().explain_plan(false).await.unwrap());
        let page = scan().select(["name"]).limit(5).offset(2);
        say(
            "a page of a column",
            page.explain_plan(false).await.unwrap(),
        );
        let filtered = || scan().only_if("id > 3 AND name <> 'x'");
        say("filter", filtered().explain_plan(false).await.unwrap());
        let expression = filtered().select([("twice", "id * 2")]);
        say(
            "expression of filtered rows",
            expression.explain_plan(true).await.unwrap(),
        );
        let search = || table.vector_search([1.0, 0.0]).limit(3);
        say("search", search().explain_plan(false).await.unwrap());
        let filtered = || search().only_if("id > 3");
        say(
            "search of filtered rows",
            filtered().explain_plan(false).await.unwrap(),
        );
        say(
            "filter of what was found",
            filtered().postfilter().explain_plan(false).await.unwrap(),
        );
        let flat = search().bypass_vector_index();
        say(
            "search without index",
            flat.explain_plan(false).await.unwrap(),
        );
        let refined = search().refine_factor(2).nprobes(1);
        say(
            "search, refined",
            refined.explain_plan(false).await.unwrap(),
        );
        let range = search().distance_range(Some(1.0), Some(9.0)).offset(1);
        say(
            "search in a range",
            range.explain_plan(false).await.unwrap(),
        );

        table
            .create_index("id", BTree::default())
            .execute()
            .await
            .unwrap();
        let index = IvfFlat::default().num_partitions(2);
        table.create_index("vector", index).execute().await.unwrap();
    }
    assert_text("plans", &text);
}

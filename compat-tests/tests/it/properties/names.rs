//! Names of tables: which are taken, and how they are listed.

use std::collections::BTreeSet;

use proptest::{collection::vec, prelude::*, sample::select};

use super::{RUNTIME, answer::kind, cases};
use crate::support::rows;

fn names() -> impl Strategy<Value = String> {
    let odd = vec![
        "", ".", "..", "...", "a/b", "/", "../x", "a\\b", "a b", "a\0", "ä", "t.lance", ".lance",
        "_", "-", "con", "%2e", "~",
    ];
    prop_oneof![
        4 => "[ABab]{1,2}",
        2 => "[A-Za-z0-9_.-]{1,10}",
        2 => select(odd).prop_map(str::to_owned),
        1 => ".{0,6}",
        1 => (126..131usize).prop_map(|length| "x".repeat(length)),
    ]
}

/// The rule of LanceDB.
fn is_valid(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    (1..=128).contains(&name.len()) && name.chars().all(allowed) && name != "." && name != ".."
}

/// One text for both clients: tables of these names are made, listed, opened and dropped.
macro_rules! names {
    ($module:ident, [$($asynchronous:tt)?], [$($wait:tt)*]) => {
        mod $module {
            use super::*;
            use crate::$module::*;

            pub(super) $($asynchronous)? fn check(names: &[String]) {
                let folder = tempfile::tempdir().unwrap();
                let db = connect(folder.path().to_str().unwrap()).execute()$($wait)*.unwrap();
                let mut tables = BTreeSet::new();
                for name in names {
                    let made = db.create_table(name, rows(1, 2)).execute()$($wait)*;
                    let wanted = if !is_valid(name) {
                        Some("InvalidTableName")
                    } else if tables.insert(name.clone()) {
                        None
                    } else {
                        Some("TableAlreadyExists")
                    };
                    let found = made.as_ref().err().map(kind);
                    assert_eq!(found.as_deref(), wanted, "{name:?}");
                }
                let listed = db.table_names().execute()$($wait)*.unwrap();
                assert_eq!(listed, tables.iter().cloned().collect::<Vec<_>>());
                for page in 1..3 {
                    let mut paged: Vec<String> = Vec::new();
                    loop {
                        let mut next = db.table_names().limit(page);
                        if let Some(last) = paged.last() {
                            next = next.start_after(last);
                        }
                        let names = next.execute()$($wait)*.unwrap();
                        if names.is_empty() {
                            break;
                        }
                        paged.extend(names);
                    }
                    assert_eq!(paged, listed);
                }
                for name in names {
                    let opened = db.open_table(name).execute()$($wait)*;
                    let dropped = db.drop_table(name).execute()$($wait)*;
                    let wanted = if !is_valid(name) {
                        Some("InvalidTableName")
                    } else if tables.remove(name) {
                        None
                    } else {
                        Some("TableNotFound")
                    };
                    let errors = [opened.err(), dropped.err()];
                    for found in errors.iter().map(|error| error.as_ref().map(kind)) {
                        assert_eq!(found.as_deref(), wanted, "{name:?}");
                    }
                }
            }
        }
    };
}

names!(asynchronous, [async], [.await]);
names!(blocking, [], []);

proptest! {
    #![proptest_config(cases(16))]

    #[test]
    fn names_are_taken_by_one_rule(names in vec(names(), 1..6)) {
        RUNTIME.block_on(asynchronous::check(&names));
        blocking::check(&names);
    }
}

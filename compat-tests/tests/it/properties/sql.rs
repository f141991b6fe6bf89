//! Text that may be SQL, or nearly: both clients say the same about it, and nothing panics.

use arrow_array::{RecordBatch, record_batch};
use proptest::{collection::vec, prelude::*, sample::select};

use super::{RUNTIME, answer::Answer, cases};

/// Words that mean something together, and some that do not.
fn texts() -> impl Strategy<Value = String> {
    let words = vec![
        "id",
        "`id`",
        "\"id\"",
        "name",
        "`name`",
        "f",
        "idd",
        "1",
        "-1",
        "0",
        "1.5",
        "1e400",
        "9223372036854775808",
        "99999999999999999999999999",
        "NULL",
        "true",
        "'a'",
        "''",
        "'it''s'",
        "'",
        "X'00'",
        "=",
        "<>",
        "<",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "||",
        "(",
        ")",
        ",",
        "[",
        "]",
        "AND",
        "OR",
        "NOT",
        "IN",
        "IS",
        "LIKE",
        "BETWEEN",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "CAST(id AS",
        "INT)",
        "STRING)",
        "DATE)",
        "upper(",
        "abs(",
        "array_has(",
        "date",
        "interval",
        "'1 day'",
        "'2020-01-01'",
        "timestamp",
        "SELECT",
        "FROM",
        ";",
        "--",
        "/*",
        "*/",
        "$1",
        "?",
        "@",
        "{",
        "ü",
        "\u{0}",
        "\n",
    ];
    prop_oneof![
        6 => vec(select(words), 1..8).prop_map(|words| words.join(" ")),
        1 => ".{0,12}",
    ]
}

fn rows() -> RecordBatch {
    record_batch!(
        ("id", Int64, [Some(i64::MIN), Some(0), Some(7), None]),
        ("name", Utf8, [Some("a"), Some(""), None, Some("it's")]),
        ("f", Float64, [Some(f64::NAN), Some(-0.0), Some(1.5), None])
    )
    .unwrap()
}

/// One text for both clients: everything that takes SQL.
macro_rules! sql {
    ($module:ident, [$($asynchronous:tt)?], [$($wait:tt)*]) => {
        mod $module {
            use super::*;
            use crate::$module::*;

            pub(super) $($asynchronous)? fn answers(sql: &str) -> Vec<Answer> {
                let db = connect("memory://").execute()$($wait)*.unwrap();
                let table = db.create_table("t", rows()).execute()$($wait)*.unwrap();
                let answer = |result: Result<Answer>| match result {
                    Ok(answer) => answer,
                    Err(error) => Answer::error(&error, "memory://"),
                };
                let counted = table.count_rows().only_if(sql).execute()$($wait)*;
                let filtered = table.query().only_if(sql).only_if("id IS NOT NULL").to_batch()$($wait)*;
                let selected = table.query().select([("x", sql)]).execute()$($wait)*;
                let updated = table.update().set_expr("name", sql).execute()$($wait)*;
                let deleted = table.delete(sql)$($wait)*;
                let left = table.query().to_batch()$($wait)*;
                vec![
                    answer(counted.map(Answer::Count)),
                    answer(filtered.map(|batch| Answer::batch(&batch))),
                    answer(selected.map(|rows| Answer::rows(&rows.schema(), Vec::new()))),
                    answer(updated.map(|updated| Answer::Count(updated.rows_updated as usize))),
                    answer(deleted.map(|deleted| Answer::Count(deleted.num_deleted_rows as usize))),
                    answer(left.map(|batch| Answer::batch(&batch))),
                ]
            }
        }
    };
}

sql!(asynchronous, [async], [.await]);
sql!(blocking, [], []);

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn any_text_may_be_given_as_sql(sql in texts()) {
        let found = RUNTIME.block_on(asynchronous::answers(&sql));
        prop_assert_eq!(&found, &blocking::answers(&sql));
        // Who counts the rows of a filter gets the rows that it gives, or the same kind of error.
        if let (Answer::Count(_), Answer::Failed { kind, message }) = (&found[0], &found[1]) {
            panic!("{sql:?} counts, but gives {kind}: {message}");
        }
    }
}

//! Errors, whatever the operation.

use super::{Entry, both, only_async};
use crate::{compare::Difference, scenario::Op};

pub(super) const ENTRIES: &[Entry] = &[
    both("LB080", "", "a panic of the old client is gone", |it| {
        it.reference_failed("PanicException", "") && !it.failed("panic", "")
    }),
    both(
        "LB080",
        "",
        "an internal error of the old client is gone",
        |it| it.lifted("Error", "internal error"),
    ),
    both(
        "LB080",
        "",
        "a handle of a table that was made anew is a handle of the old one",
        |it| {
            let anew = |op: &Op| matches!(op, Op::DropTable(_) | Op::DropDatabase(_));
            it.earlier(anew) && it.refused("Storage", "Not found")
        },
    ),
    // Of two mistakes in one call another one is told: the async client plans a call when it is executed.
    only_async(
        "LB050",
        "Q8",
        "mistakes of a query are told when it is read, in another order",
        |it| {
            let of_input = [
                "InvalidSql",
                "InvalidInput",
                "ColumnNotFound",
                "NotAVectorColumn",
            ];
            it.queries(|_| true)
                && matches!(it.difference, Difference::OtherError { .. })
                && of_input.into_iter().any(|class| it.failed(class, ""))
        },
    ),
    only_async(
        "LB070",
        "I9",
        "mistakes of an index are told in another order",
        |it| {
            matches!(it.op(), Op::CreateIndex(_))
                && matches!(it.difference, Difference::OtherError { .. })
                && it.failed("InvalidInput", "")
        },
    ),
];

//! Filters, and other SQL.

use super::{
    Entry, Known, Place, Seen, both, index::has_wrong_index, near::is_prefix, only_async,
    query::has, some,
};
use crate::{
    recording::Outcome,
    scenario::{Build, Op},
};

pub(super) const ENTRIES: &[Entry] = &[
    only_async("LB051", "G11", "a filter is a text, not null", |it| {
        it.inexpressible("a filter is")
    }),
    only_async("LB051", "G08", "of several filters all must hold", |it| {
        it.queries(|query| query.build.iter().filter(|step| is_filter(step)).count() > 1)
            && it.rows().is_some_and(|(old, new)| new.len() <= old.len())
    }),
    only_async("LB051", "G07", "the filter comes before the search", |it| {
        let after = |step: &Build| {
            matches!(
                step,
                Build::Where {
                    prefilter: None,
                    ..
                }
            )
        };
        let has_index = it.earlier(|op| matches!(op, Op::CreateIndex(_)));
        let as_many = it.rows().is_some_and(|(old, new)| new.len() >= old.len());
        it.searches(|query| has(query, after)) && (is_prefix(it) || (has_index && as_many))
    }),
    both(
        "LB051",
        "Q13",
        "a filter after the search may use the distance",
        |it| it.lifted("", "No field named _distance"),
    ),
    both("LB024", "", "more SQL is understood in filters", |it| {
        it.filter().is_some() && is_understood(it)
    }),
    both(
        "LB024",
        "",
        "functions and comparisons take values of their own type",
        |it| {
            let of_types = [
                "Cast error",
                "requires",
                "No function matches",
                "coerce",
                "Cannot infer common argument type",
                "Cannot automatically convert",
            ];
            let is_strict = of_types.iter().any(|text| it.refused("InvalidSql", text));
            !it.sql().is_empty() && is_strict
        },
    ),
    both("LB024", "", "text after the predicate is refused", |it| {
        it.filter().is_some() && it.refused("InvalidSql", "found: ;")
    }),
    both(
        "LB024",
        "",
        "functions of SQL answer what the engine of today does",
        |it| it.answers().is_some() && has_other_functions(it),
    ),
    both("LB004", "", "structs that are null are kept", |it| {
        it.answers().is_some() && is_about_null_structs(it)
    }),
    both(
        "LB024",
        "",
        "names with capitals are found without quotes",
        |it| {
            let Some(failure) = missing_field(it) else {
                return false;
            };
            it.filter().is_some() && failure && it.lifted("Error", "No field named")
        },
    ),
    both(
        "LB024",
        "T6",
        "every column of a filter must be there",
        |it| it.filter().is_some() && it.refused("ColumnNotFound", ""),
    ),
];

fn is_filter(step: &Build) -> bool {
    matches!(step, Build::Where { .. })
}

/// What is known of a write by a predicate that may hold for other rows than it did for the old client, though both answered.
#[must_use]
pub fn hits_others(place: &Place<'_>) -> Option<Known> {
    if !matches!(place.op(), Op::Update(_) | Op::Delete(_)) {
        return None;
    }
    let known = |rule, about| Known {
        rule: some(rule),
        case: None,
        about,
    };
    if is_about_null_structs(place) {
        return Some(known("LB004", "structs that are null are kept"));
    }
    if has_wrong_index(place) {
        return Some(known("LB071", "a scalar index changes no answer"));
    }
    let about = "functions of SQL answer what the engine of today does";
    has_other_functions(place).then(|| known("LB024", about))
}

/// The old engine could not do what was asked, or found no sense in it; names that are not there are another matter.
pub(super) fn is_understood(it: &Seen<'_>) -> bool {
    let could_not = [
        "not support",
        "nsupported",
        "not implemented",
        "could not convert to literal",
        "Cast error",
        "Cannot infer common argument type",
        "Error during planning",
        "Execution error",
        "internal error",
    ];
    let of_names = ["No field named", "does not exist", "not found"];
    could_not.into_iter().any(|text| it.lifted("Error", text))
        && !of_names.into_iter().any(|text| it.lifted("", text))
}

/// Functions that answer otherwise today: rounding gives a zero that equals zero, where the old engine gave minus zero.
fn has_other_functions(place: &Place<'_>) -> bool {
    let sql = place.sql().to_lowercase();
    sql.contains("round(")
        && ["= 0", "> 0", "< 0"]
            .into_iter()
            .any(|zero| sql.contains(zero))
}

/// The old client gave structs of nothing for those that are null.
fn is_about_null_structs(place: &Place<'_>) -> bool {
    let sql = place.sql();
    place.null_structs().any(|name| sql.contains(name))
}

/// Whether the old client missed a column that is there with other capitals.
fn missing_field(it: &Seen<'_>) -> Option<bool> {
    let Outcome::Error(failure) = it.expected else {
        return None;
    };
    let (_, after) = failure.message.split_once("No field named ")?;
    let (name, valid) = after.split_once(". Valid fields are ")?;
    let name = name.trim_matches('"').to_lowercase();
    Some(valid.to_lowercase().contains(&name))
}

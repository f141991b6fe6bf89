//! Everything around the engine that decides what is audited and which findings count: settings, input files, the versions of
//! the client, suppression comments, the baseline and `--since`.
//!
//! Findings pass them in this order: [`suppress`], [`baseline`], then `--select`, `--ignore`, `--min-confidence`, [`since`]. The
//! first two come first because they also report what is *unused*: a suppression is not unused just because its rule was not
//! selected this time.

pub mod baseline;
pub mod config;
pub mod discover;
pub mod encoding;
pub mod git;
mod manifest;
pub mod paths;
mod requirement;
pub mod scripts;
pub mod since;
pub mod source;
pub mod suppress;
pub mod versions;

/// The candidate a person most likely meant by `name`, if any is near enough. The first of equals.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let near = candidates.into_iter().map(|candidate| {
        (
            strsim::damerau_levenshtein(&name, &candidate.to_lowercase()),
            candidate,
        )
    });
    let (distance, candidate) = near.min_by_key(|(distance, _)| *distance)?;
    // Two typing errors, but never as many as would turn a short word into any other.
    (distance <= 2 && distance * 2 <= candidate.chars().count()).then_some(candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn nearest_suggests_only_what_is_near() {
        let keys = ["select", "ignore", "from", "to"];
        assert_eq!(nearest("selct", keys), Some("select"));
        assert_eq!(nearest("Ignored", keys), Some("ignore"));
        assert_eq!(nearest("xy", keys), None);
        assert_eq!(nearest("colour", keys), None);
    }
}

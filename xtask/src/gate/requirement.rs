//! One requirement on the client, in the spellings of pip, Poetry and conda.

use std::str::FromStr;

use pep440_rs::{Operator, Version, VersionSpecifiers};

/// Name of the client's package.
pub(super) const PACKAGE: &str = "lancedb";

/// How much a requirement says about the version in use; the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// From a lock file.
    Locked,
    /// Exactly this version.
    Pinned,
    /// At least this version.
    Bound,
}

/// A requirement that names a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Requirement {
    pub(super) strength: Strength,
    pub(super) version: Version,
    /// As it was found, without markers and hashes.
    pub(super) text: String,
}

/// From the version in a lock file.
pub(super) fn locked(version: &str) -> Option<Requirement> {
    let version = Version::from_str(version.trim_start_matches('='))
        .ok()?
        .without_local();
    Some(Requirement {
        strength: Strength::Locked,
        text: format!("{PACKAGE}=={version}"),
        version,
    })
}

/// From a line of pip or of `pyproject.toml` (PEP 508): `lancedb[embeddings]>=0.5,<0.9; python_version > "3.8"`.
pub(super) fn from_pip(line: &str) -> Option<Requirement> {
    let (shown, rest) = after_name(line)?;
    if let Some(url) = rest.strip_prefix('@') {
        return from_url(url.trim());
    }
    let end = [";", " #", "\t#", " --", "\t--", "\\"]
        .iter()
        .filter_map(|mark| rest.find(mark))
        .min()
        .unwrap_or(rest.len());
    let specifiers = rest[..end]
        .trim()
        .trim_start_matches('(')
        .trim_end_matches(')')
        .trim();
    from_specifiers(specifiers, &format!("{shown}{specifiers}"))
}

/// From the value of Poetry's or Pipenv's key `lancedb`: `^0.14`, `~0.14`, `0.14.0`, `>=0.5,<0.9`, alternatives with `||`.
pub(super) fn from_poetry(constraint: &str) -> Option<Requirement> {
    let text = format!("{PACKAGE} {}", constraint.trim());
    let alternatives = constraint
        .split('|')
        .filter(|alternative| !alternative.is_empty());
    let found = alternatives.filter_map(|alternative| {
        let clauses = alternative.replace(", ", ",").trim().replace(' ', ",");
        let clauses: Vec<String> = clauses
            .split(',')
            .filter(|clause| !clause.is_empty())
            .map(poetry_clause)
            .collect();
        from_specifiers(&clauses.join(","), &text)
    });
    found.min_by(|left, right| left.version.cmp(&right.version))
}

fn poetry_clause(clause: &str) -> String {
    match clause.strip_prefix('^').or_else(|| {
        clause
            .strip_prefix('~')
            .filter(|rest| !rest.starts_with('='))
    }) {
        Some(version) => format!(">={version}"),
        None if clause.starts_with(|c: char| c.is_ascii_digit()) => format!("=={clause}"),
        None => clause.to_owned(),
    }
}

/// From a dependency of a conda environment: `conda-forge::lancedb=0.14.0=py310_0`, `lancedb 0.14.*`; pip's spelling is also in use.
pub(super) fn from_conda(dependency: &str) -> Option<Requirement> {
    let dependency = dependency.rsplit("::").next().unwrap_or(dependency);
    if let Some(found) = from_pip(dependency) {
        return Some(found);
    }
    let (_, rest) = after_name(dependency)?;
    let version = rest.strip_prefix('=').unwrap_or(rest).trim_start();
    let version = version
        .split(['=', ' ', '#'])
        .next()?
        .trim_end_matches(".*");
    from_specifiers(
        &format!("=={version}"),
        dependency.split(" #").next()?.trim(),
    )
}

/// The requirement's name with its extras, and what follows; None for other packages.
fn after_name(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let name_end = line
        .find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)))
        .unwrap_or(line.len());
    if !line[..name_end].eq_ignore_ascii_case(PACKAGE) {
        return None;
    }
    let rest = line[name_end..].trim_start();
    let after_extras = if rest.starts_with('[') {
        &rest[rest.find(']')? + 1..]
    } else {
        rest
    };
    Some((
        line[..line.len() - after_extras.len()].trim_end(),
        after_extras.trim_start(),
    ))
}

fn from_specifiers(specifiers: &str, text: &str) -> Option<Requirement> {
    let specifiers = VersionSpecifiers::from_str(specifiers).ok()?;
    let mut found: Option<(Strength, Version)> = None;
    for specifier in specifiers.iter() {
        let strength = match specifier.operator() {
            Operator::Equal | Operator::ExactEqual => Strength::Pinned,
            Operator::EqualStar
            | Operator::TildeEqual
            | Operator::GreaterThan
            | Operator::GreaterThanEqual => Strength::Bound,
            // An upper bound says nothing about the version in use.
            _ => continue,
        };
        let version = specifier.version().clone().without_local();
        let better = match &found {
            None => true,
            Some((known, lower)) => strength < *known || (strength == *known && version > *lower),
        };
        if better {
            found = Some((strength, version));
        }
    }
    found.map(|(strength, version)| Requirement {
        strength,
        version,
        text: text.to_owned(),
    })
}

/// A wheel or archive has the version in its name, a checkout in its tag (`python-v0.14.0`).
fn from_url(url: &str) -> Option<Requirement> {
    let url = url.split([';', '#', ' ']).next()?;
    let after = |mark: &str| url.rfind(mark).map(|at| &url[at + mark.len()..]);
    let tail = after("@python-v").or_else(|| after("/lancedb-"))?;
    let tail = tail.trim_end_matches(".tar.gz");
    let version = Version::from_str(tail.split('-').next()?)
        .ok()?
        .without_local();
    Some(Requirement {
        strength: Strength::Pinned,
        version,
        text: format!("{PACKAGE} @ {url}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(found: Option<Requirement>) -> String {
        found
            .map(|found| format!("{:?} {}", found.strength, found.version))
            .unwrap_or_default()
    }

    #[test]
    fn pip() {
        for (line, expected) in [
            ("lancedb==0.14.0", "Pinned 0.14.0"),
            (
                "LanceDB [embeddings, clip] == 0.14.0 ; python_version < '3.9'",
                "Pinned 0.14.0",
            ),
            ("lancedb (>=0.5,<0.9)", "Bound 0.5"),
            ("lancedb~=0.6.1  # why", "Bound 0.6.1"),
            ("lancedb==0.14.*", "Bound 0.14"),
            ("lancedb===0.14.0+cpu", "Pinned 0.14.0"),
            ("lancedb>0.5,>=0.6", "Bound 0.6"),
            (
                "lancedb==0.14.0 --hash=sha256:aa --hash=sha256:bb",
                "Pinned 0.14.0",
            ),
            ("lancedb>=0.30.0b1", "Bound 0.30.0b1"),
            (
                "lancedb @ https://x.org/w/lancedb-0.14.0-cp38-abi3-linux_x86_64.whl#sha256=aa",
                "Pinned 0.14.0",
            ),
            (
                "lancedb @ git+https://x.org/lancedb.git@python-v0.14.0#subdirectory=python",
                "Pinned 0.14.0",
            ),
            ("lancedb @ file:///srv/build", ""),
            ("lancedb", ""),
            ("lancedb<0.9", ""),
            ("lancedb!=0.9", ""),
            ("lancedb-extras==1.0", ""),
            ("langchain-lancedb==1.0", ""),
            ("lancedb[", ""),
            ("", ""),
        ] {
            assert_eq!(shown(from_pip(line)), expected, "{line}");
        }
    }

    #[test]
    fn poetry() {
        for (constraint, expected) in [
            ("^0.14.0", "Bound 0.14.0"),
            ("~0.14", "Bound 0.14"),
            ("~=0.14.1", "Bound 0.14.1"),
            ("0.14.0", "Pinned 0.14.0"),
            ("==0.14.0", "Pinned 0.14.0"),
            (">=0.5, <0.9", "Bound 0.5"),
            (">=0.5 <0.9", "Bound 0.5"),
            ("0.14.*", "Bound 0.14"),
            ("^0.14 || ^0.13", "Bound 0.13"),
            ("<1", ""),
            ("*", ""),
        ] {
            assert_eq!(shown(from_poetry(constraint)), expected, "{constraint}");
        }
    }

    #[test]
    fn conda() {
        for (dependency, expected) in [
            ("lancedb=0.14", "Pinned 0.14"),
            ("conda-forge::lancedb=0.14.0=py310_0", "Pinned 0.14.0"),
            ("lancedb 0.14.*", "Pinned 0.14"),
            ("lancedb>=0.5,<1", "Bound 0.5"),
            ("lancedb==0.14.0", "Pinned 0.14.0"),
            ("lancedb", ""),
            ("lancedb=0.14  # old", "Pinned 0.14"),
        ] {
            assert_eq!(shown(from_conda(dependency)), expected, "{dependency}");
        }
    }
}

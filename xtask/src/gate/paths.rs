//! Path names: one absolute form to compare, one form relative to the working directory to show, and sets of globs.

use std::path::{Component, Path, PathBuf};

use anyhow::Context;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// `path`, seen from `base`, without `.` and `..`. Symbolic links are left alone.
pub fn absolute(path: &Path, base: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for component in base.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            other => result.push(other),
        }
    }
    result
}

/// The name of `path` in reports: relative to the folder `base`, with `/`; absolute when the two share nothing but the root.
/// What is not UTF-8 is shown as `�`.
pub fn relative_name(path: &Path, base: &Path) -> String {
    let path = absolute(path, base);
    let base = absolute(base, Path::new(""));
    let common = path
        .components()
        .zip(base.components())
        .take_while(|(left, right)| left == right)
        .count();
    let root = base
        .components()
        .take_while(|component| !matches!(component, Component::Normal(_)))
        .count();
    if common <= root && common < base.components().count() {
        return with_slashes(&path);
    }
    let mut relative: PathBuf =
        std::iter::repeat_n("..", base.components().count() - common).collect();
    relative.extend(path.components().skip(common));
    if relative.as_os_str().is_empty() {
        ".".to_owned()
    } else {
        with_slashes(&relative)
    }
}

fn with_slashes(path: &Path) -> String {
    let name = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        name.into_owned()
    } else {
        name.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// A set of globs with the meaning they have in a `.gitignore` of the folder `base`: `gen_*.py` fits in any folder, `/build` or
/// `docs/old` only from `base`, `tests/` fits everything below, and a later `!keep.py` takes back.
#[derive(Clone, Debug)]
pub struct Globs {
    base: PathBuf,
    matcher: Gitignore,
}

impl Globs {
    /// The set that fits nothing.
    pub fn none() -> Self {
        Globs {
            base: PathBuf::new(),
            matcher: Gitignore::empty(),
        }
    }

    /// Compiles `patterns`.
    ///
    /// # Errors
    /// A pattern that is not a glob, which the message names.
    pub fn new<'a>(
        base: &Path,
        patterns: impl IntoIterator<Item = &'a str>,
    ) -> anyhow::Result<Self> {
        // The matcher gets paths relative to `base`, hence the empty root.
        let mut builder = GitignoreBuilder::new("");
        for pattern in patterns {
            let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
            builder
                .add_line(None, pattern)
                .with_context(|| format!("`{pattern}` is not a glob"))?;
        }
        Ok(Globs {
            base: base.to_owned(),
            matcher: builder.build().context("the globs do not compile")?,
        })
    }

    /// Is there no glob at all?
    pub fn is_empty(&self) -> bool {
        self.matcher.is_empty()
    }

    /// Does `path` (absolute, or relative to the base) or a folder that holds it fit?
    pub fn fits(&self, path: &Path, is_dir: bool) -> bool {
        if self.is_empty() {
            return false;
        }
        let path = absolute(path, &self.base);
        // What lies outside of the base cannot be named by a glob of it.
        let Ok(relative) = path.strip_prefix(&self.base) else {
            return false;
        };
        !relative.as_os_str().is_empty()
            && self
                .matcher
                .matched_path_or_any_parents(relative, is_dir)
                .is_ignore()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_relative_to_the_working_directory() {
        let name = |path: &str| relative_name(Path::new(path), Path::new("/home/u/app"));
        assert_eq!(name("/home/u/app/src/a b.py"), "src/a b.py");
        assert_eq!(name("./src/../ü.py"), "ü.py");
        assert_eq!(name("/home/u/lib/a.py"), "../lib/a.py");
        assert_eq!(name("/srv/a.py"), "/srv/a.py");
        assert_eq!(name("."), ".");
        assert_eq!(
            relative_name(Path::new("/srv/a.py"), Path::new("/")),
            "srv/a.py"
        );
    }

    #[test]
    fn globs_mean_what_they_mean_in_a_gitignore() {
        let globs = Globs::new(
            Path::new("/app"),
            [
                "gen_*.py",
                "docs/old",
                "tests/",
                "!tests/keep.py",
                "./top.py",
            ],
        )
        .unwrap();
        let fits = |path: &str| globs.fits(Path::new(path), false);
        assert!(fits("/app/a/b/gen_x.py"));
        assert!(fits("docs/old/x.py"));
        assert!(!fits("a/docs/old/x.py"));
        assert!(fits("a/tests/x.py"));
        assert!(fits("top.py"));
        assert!(!fits("/elsewhere/gen_x.py"));
        assert!(!fits("/app"));
        assert!(
            Globs::new(Path::new("/app"), ["a{b"])
                .unwrap_err()
                .to_string()
                .contains("`a{b`")
        );
    }
}

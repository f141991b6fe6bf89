//! Sources of the labelled corpus with something broken in them: nothing panics, what compiled compiles, and `--fix` comes to rest.

use std::path::Path;

use proptest::prelude::*;
use xtask::fix::edit::apply;
use xtask::fix::prepare::prepare;
use xtask::fix::write::write;
use xtask::front::Language;
use xtask::front::python::syntax_errors;

use super::{assert_at_rest, fixed, sources};
use crate::robustness::{corpus, mutate, mutation};

fn assert_survives(root: &Path) {
    let outcome = fixed(root, sources(root), "0.14.0", 1);
    let mut compiled = true;
    for change in &outcome.changes {
        let text = apply(&change.text, &change.edits).unwrap();
        if change.cells.is_empty() {
            let errors = |text: &str| syntax_errors(Language::Python, text, &[]);
            let clean = errors(&change.text).is_empty();
            compiled &= clean;
            assert!(
                !clean || errors(&text).is_empty(),
                "{:?}\n{text}",
                errors(&text)
            );
        }
    }
    // Broken code may be refused as a whole, such as for a character that its encoding lacks.
    if let Ok(prepared) = prepare(&outcome.changes) {
        write(&prepared).unwrap();
        if compiled {
            assert_at_rest(root, "0.14.0", "a mutated source");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_file_survives(
        source in prop::sample::select(corpus("py")),
        mutations in prop::collection::vec(mutation(), 1..4),
    ) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("app.py"), mutate(source, &mutations)).unwrap();
        assert_survives(folder.path());
    }

    #[test]
    fn a_notebook_survives(
        source in prop::sample::select(corpus("ipynb")),
        mutations in prop::collection::vec(mutation(), 1..4),
    ) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("notebook.ipynb"), mutate(source, &mutations)).unwrap();
        assert_survives(folder.path());
    }

    #[test]
    fn neighbours_survive(
        left in prop::sample::select(corpus("py")),
        right in prop::sample::select(corpus("py")),
        mutations in prop::collection::vec(mutation(), 1..3),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut app = b"from store import *\nimport store\n".to_vec();
        app.extend(mutate(left, &mutations));
        std::fs::write(folder.path().join("app.py"), app).unwrap();
        std::fs::write(folder.path().join("store.py"), mutate(right, &mutations)).unwrap();
        assert_survives(folder.path());
    }
}

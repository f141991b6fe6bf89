//! Nothing that stands in a file may bring the audit down.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::Index;
use xtask::audit::{self, Audit, Given, Request};
use xtask::finding::Finding;
use xtask::gate::source;
use xtask::rules::RuleSet;

fn rules() -> &'static RuleSet {
    static RULES: std::sync::OnceLock<RuleSet> = std::sync::OnceLock::new();
    RULES.get_or_init(|| RuleSet::load().unwrap())
}

fn run(files: Vec<PathBuf>, given: Option<Given>, cwd: &Path) -> Audit {
    let request = Request {
        files,
        given,
        cwd,
        root: cwd,
        drafts: Default::default(),
        modernize: false,
        prefilter: false,
        callers: true,
        threads: 1,
        from: "0.14.0".parse().unwrap(),
        to: "0.40.0".parse().unwrap(),
    };
    audit::run(rules(), request, &|_| {}).unwrap()
}

fn audited(name: &str, bytes: &[u8]) -> Audit {
    let given = Given {
        name: name.into(),
        bytes: bytes.to_vec(),
    };
    run(Vec::new(), Some(given), Path::new("."))
}

/// Sources of the labelled corpus with this ending.
pub(crate) fn corpus(ending: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let found = xtask::gate::discover::discover(
        std::slice::from_ref(&root),
        &root,
        &xtask::gate::paths::Globs::none(),
        1,
    )
    .unwrap();
    let sources: Vec<_> = found
        .files
        .iter()
        .filter(|file| file.extension().is_some_and(|found| found == ending))
        .map(|file| std::fs::read(root.join(file)).unwrap())
        .collect();
    assert!(!sources.is_empty());
    sources
}

/// One thing that happens to a source.
#[derive(Clone, Debug)]
pub(crate) enum Mutation {
    Delete(Index, usize),
    Repeat(Index, usize),
    Swap(Index, Index, usize),
    Insert(Index, Vec<u8>),
}

pub(crate) fn mutation() -> impl Strategy<Value = Mutation> {
    let odd = [
        "\0",
        "\r",
        "\r\n",
        "\u{feff}",
        "\x0c",
        "\t ",
        "((((",
        "]]",
        "}",
        "{{",
        "'''",
        "\"",
        "\\",
        "\\\n",
        ":",
        "=",
        "...",
        "ü",
        "𝒳 = ",
        "\u{2028}",
        "\n    ",
        "\n\t\t",
        "async ",
        "await ",
        "lambda x: ",
        "f'{",
        ":=",
        "*",
        "**",
        "@",
        "%%bash\n",
        "!ls\n",
        "print 'x'\n",
        "del db\n",
        "global db\n",
        "# type: ignore\n",
        "# migrate-check: ignore[LB999]\n",
        "import lancedb\n",
    ];
    let text = prop_oneof![
        prop::sample::select(odd.to_vec()).prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 1..6),
        (prop::sample::select(b"([{ a\n#'".to_vec()), 1..400_usize)
            .prop_map(|(byte, times)| vec![byte; times]),
    ];
    prop_oneof![
        (any::<Index>(), 1..200_usize).prop_map(|(at, length)| Mutation::Delete(at, length)),
        (any::<Index>(), 1..200_usize).prop_map(|(at, length)| Mutation::Repeat(at, length)),
        (any::<Index>(), any::<Index>(), 1..80_usize)
            .prop_map(|(left, right, length)| Mutation::Swap(left, right, length)),
        (any::<Index>(), text).prop_map(|(at, text)| Mutation::Insert(at, text)),
    ]
}

pub(crate) fn mutate(mut bytes: Vec<u8>, mutations: &[Mutation]) -> Vec<u8> {
    for mutation in mutations {
        let size = bytes.len();
        let range = |at: &Index, length: usize| {
            let start = at.index(size + 1);
            start..(start + length).min(size)
        };
        match mutation {
            Mutation::Delete(at, length) => drop(bytes.drain(range(at, *length))),
            Mutation::Repeat(at, length) => bytes.extend_from_within(range(at, *length)),
            Mutation::Swap(left, right, length) => {
                let (left, right) = (range(left, *length), range(right, *length));
                for (left, right) in left.zip(right) {
                    bytes.swap(left, right);
                }
            }
            Mutation::Insert(at, text) => {
                let at = at.index(size + 1);
                bytes.splice(at..at, text.iter().copied());
            }
        }
    }
    bytes
}

/// What stands at a finding's position: a name, or the operand of `in`, `[]` and truth tests.
fn text_at<'t>(finding: &Finding, text: &'t str) -> &'t str {
    let bytes = text.as_bytes();
    let line = |number: u32| {
        let starts = std::iter::once(0).chain(
            (0..bytes.len())
                .filter(|&at| {
                    bytes[at] == b'\n' || bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n')
                })
                .map(|at| at + 1),
        );
        starts
            .clone()
            .nth(number as usize - 1)
            .expect("a line behind the end")
    };
    let offset = |number: u32, column: u32| {
        let start = line(number);
        let columns = text[start..].char_indices().map(|(at, _)| start + at);
        columns
            .chain([text.len()])
            .nth(column as usize - 1)
            .expect("a column behind the end")
    };
    &text[offset(finding.line, finding.column)..offset(finding.end_line, finding.end_column)]
}

fn all_fit(audit: &Audit, text: &str) {
    for (finding, _) in audit.files.iter().flat_map(|(_, file)| &file.findings) {
        let found = text_at(finding, text);
        let first = found.chars().next();
        assert!(
            first.is_some_and(|c| c.is_alphabetic() || "_([{'\"".contains(c)),
            "{finding:?} stands at {found:?}"
        );
        assert_eq!(found.trim(), found);
        if finding.line == finding.end_line {
            assert!(finding.excerpt.contains(found), "{finding:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_sources_never_panic_and_findings_stand_at_names(
        source in prop::sample::select(corpus("py")),
        mutations in prop::collection::vec(mutation(), 1..8),
    ) {
        let bytes = mutate(source, &mutations);
        let audit = audited("module.py", &bytes);
        match source::decode(bytes) {
            Ok(text) => all_fit(&audit, &text),
            Err(reason) => {
                prop_assert!(audit.files.is_empty());
                prop_assert_eq!(&audit.unaudited[0].reason, &reason);
            }
        }
    }

    #[test]
    fn mutated_notebooks_never_panic(
        source in prop::sample::select(corpus("ipynb")),
        mutations in prop::collection::vec(mutation(), 1..5),
    ) {
        let audit = audited("notebook.ipynb", &mutate(source, &mutations));
        prop_assert!(audit.looked_at == 1);
    }

    #[test]
    fn mutated_neighbours_never_panic(
        left in prop::sample::select(corpus("py")),
        right in prop::sample::select(corpus("py")),
        mutations in prop::collection::vec(mutation(), 1..4),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let files = vec![folder.path().join("app.py"), folder.path().join("store.py")];
        let mut app = b"from store import *\nimport store\n".to_vec();
        app.extend(mutate(left, &mutations));
        std::fs::write(&files[0], app).unwrap();
        std::fs::write(&files[1], mutate(right, &mutations)).unwrap();
        prop_assert_eq!(run(files, None, folder.path()).looked_at, 2);
    }
}

/// Deep nesting: every such file has one use before it, which is found, or the file is listed as not (wholly) audited.
/// Found by the fuzzer: where broken code lacks an expression the parser puts an empty name.
#[test]
fn a_missing_expression_is_no_use() {
    let text = "import lancedb\nnames = (await.table_names())\nfor  = require()\n";
    let audit = audited("module.py", text.as_bytes());
    assert!(!audit.unaudited.is_empty());
    all_fit(&audit, text);
}

#[test]
fn deep_nesting_is_audited_or_listed() {
    let nested = |open: &str, times: usize, middle: &str, close: &str| {
        open.repeat(times) + middle + &close.repeat(times)
    };
    let indented = |head: &str, times: usize| -> String {
        let lines = (0..times).map(|depth| format!("{}{head}\n", " ".repeat(depth)));
        lines.collect::<String>() + &" ".repeat(times) + "db.table_names()\n"
    };
    let sources = [
        ("open brackets", "x = ".to_owned() + &"(".repeat(5_000)),
        ("brackets", format!("x = {}", nested("(", 5_000, "db", ")"))),
        ("lists", format!("x = {}", nested("[", 5_000, "db", "]"))),
        ("dicts", format!("x = {}", nested("{1: ", 5_000, "db", "}"))),
        ("sums", format!("x = a{}", " + a".repeat(20_000))),
        ("attributes", format!("x = db{}", ".y".repeat(5_000))),
        ("calls", format!("x = db{}", ".y()".repeat(5_000))),
        ("indices", format!("x = db{}", "[0]".repeat(5_000))),
        ("powers", format!("x = 2{}", " ** 2".repeat(5_000))),
        ("minus", format!("x = {}1", "-".repeat(5_000))),
        ("nots", format!("x = {}db", "not ".repeat(5_000))),
        (
            "conditions",
            format!("x = {}0", "1 if db else ".repeat(5_000)),
        ),
        ("lambdas", format!("x = {}db", "lambda: ".repeat(1_000))),
        (
            "f-strings",
            format!("x = {}", nested("f'{", 1_000, "db", "}'")),
        ),
        ("functions", indented("def f():", 1_000)),
        ("classes", indented("class C:", 1_000)),
        ("ifs", indented("if db:", 1_000)),
        ("withs", indented("with db as db:", 1_000)),
        (
            "elifs",
            "if a: pass\n".to_owned() + &"elif db: pass\n".repeat(3_000),
        ),
        (
            "one line",
            format!("x = [{}]", "db.table_names(), ".repeat(5_000)),
        ),
    ];
    for (what, source) in sources {
        let text = format!("import lancedb\ndb = lancedb.connect('x')\n{source}\n");
        let audit = audited("deep.py", text.as_bytes());
        let connects = audit.files.iter().any(|(_, file)| {
            file.findings
                .iter()
                .any(|(finding, _)| finding.line == 2 && finding.rule == "LB001")
        });
        assert!(connects || !audit.unaudited.is_empty(), "{what}");
        all_fit(&audit, &text);
    }
}

//! What the replacements name can be imported: `imports.toml` holds it all and nothing else, and the real client has it.

use std::collections::BTreeSet;
use std::process::Command;

use xtask::finding::Safety;
use xtask::rules::RuleSet;
use xtask::rules::template::{Call, Piece, Template};

use crate::rules_coverage::assert_none;

const INDEX_TYPES: [&str; 10] = [
    "IVF_PQ",
    "IVF_FLAT",
    "IVF_SQ",
    "IVF_RQ",
    "IVF_HNSW_PQ",
    "IVF_HNSW_SQ",
    "IVF_HNSW_FLAT",
    "BTREE",
    "BITMAP",
    "LABEL_LIST",
];

/// Words and builtins that need no import; `lancedb` is whatever the file calls it.
const KNOWN: [&str; 14] = [
    "False", "None", "True", "and", "await", "else", "for", "if", "in", "is", "lancedb", "len",
    "not", "or",
];

/// Names in a piece of code that are neither members, keyword arguments nor parts of strings.
fn free_names(code: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for text in code.split(['"', '\'']).step_by(2) {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let mut rest = text;
        while let Some(start) = rest.find(|c: char| c.is_alphabetic() || c == '_') {
            let end = rest[start..]
                .find(|c| !is_word(c))
                .map_or(rest.len(), |length| start + length);
            let is_member = rest[..start].ends_with('.');
            let after = &rest[end..];
            let is_keyword = after.starts_with('=') && !after.starts_with("==");
            if !is_member && !is_keyword && !KNOWN.contains(&&rest[start..end]) {
                names.push(&rest[start..end]);
            }
            rest = after;
        }
    }
    names
}

/// The class that `{p!index}` makes of a literal.
fn index_class(name: &str) -> String {
    let template = Template::parse(&format!("{{p!index|\"{name}\"}}")).unwrap();
    match template.fill(&Call::default()).unwrap().pieces.as_slice() {
        [Piece::Text(class)] => class.clone(),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn names_in_code_are_told_from_members_and_keywords() {
    let names = |code| free_names(code).join(" ");
    assert_eq!(names("await x.y(config=IvfPq(a=b, c=\"d\"))"), "x IvfPq b");
    assert_eq!(names("(not os.path) == timedelta(days=14)"), "os timedelta");
}

#[test]
fn everything_that_replacements_bring_in_has_a_module() {
    let rules = RuleSet::load().unwrap();
    let mut used: BTreeSet<String> = INDEX_TYPES.iter().map(|name| index_class(name)).collect();
    let variants = rules.symbols.iter().flat_map(|symbol| &symbol.variants);
    // Code that no tool writes may be a statement of more than one line.
    for variant in variants.filter(|variant| variant.fix.safety != Safety::None) {
        let modern = variant.modern.as_ref().map(|modern| &modern.template);
        for template in variant.replace.iter().chain(modern) {
            let texts = template.texts();
            let names = texts.iter().flat_map(|text| free_names(text));
            used.extend(names.map(str::to_owned));
        }
    }
    let known: BTreeSet<String> = rules.imports.keys().cloned().collect();
    let missing: Vec<String> = used.difference(&known).cloned().collect();
    assert_none("not in imports.toml", &missing);
    let idle: Vec<String> = known.difference(&used).cloned().collect();
    assert_none("in imports.toml, but no replacement brings it in", &idle);
}

#[test]
fn classes_have_counterparts_of_the_same_type() {
    let rules = RuleSet::load().unwrap();
    assert_eq!(
        rules.class_counterpart("lancedb.table.LanceTable"),
        Some("lancedb.table.AsyncTable")
    );
    assert_eq!(
        rules.class_counterpart("lancedb.db.DBConnection"),
        Some("lancedb.db.AsyncConnection")
    );
    assert_eq!(rules.class_counterpart("lancedb.table.AsyncTable"), None);
    let last = |path: &str| path.rsplit('.').next().map(str::to_owned);
    let wrong: Vec<String> = rules
        .counterparts()
        .filter(|(class, counterpart)| {
            let ty = rules.class(class).unwrap();
            let own = rules.types[ty as usize].counterpart.as_deref();
            let is_special = ["LanceNamespaceDBConnection", "LanceTakeQueryBuilder"]
                .iter()
                .any(|special| class.ends_with(special));
            !is_special && own.and_then(last) != last(counterpart)
        })
        .map(|(class, counterpart)| format!("{class} becomes {counterpart}"))
        .collect();
    assert_none("not what the type becomes", &wrong);
}

/// `LANCEDB_PYTHON` names a Python that has lancedb 0.40.0; `cargo xtask witness` asks the same of the client that it installs.
#[test]
fn the_client_has_what_is_imported() {
    let Some(python) = std::env::var_os("LANCEDB_PYTHON") else {
        eprintln!("LANCEDB_PYTHON is not set: the client is not asked");
        return;
    };
    let rules = RuleSet::load().unwrap();
    let output = Command::new(python)
        .args(["-c", &rules.import_program()])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
}

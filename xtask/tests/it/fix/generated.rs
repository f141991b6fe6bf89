//! Generated programs: valid code for the old client, of random shape, spacing, indentation and line ends.

use std::collections::BTreeSet;

use proptest::prelude::*;
use xtask::fix::edit::Edit;
use xtask::front::Language;
use xtask::front::python::syntax_errors;

use super::{assert_at_rest, fixed, sources, write_down};

/// Makes a program of bytes: each decides one thing, and where they end the first choice is taken. So fewer and smaller bytes make a
/// simpler program, and a failure shrinks to one.
struct Maker<'b> {
    bytes: std::slice::Iter<'b, u8>,
    comments: usize,
    names: usize,
    functions: Vec<(String, Given)>,
    step: &'static str,
}

/// What a function is handed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    Uri,
    Connection,
    Table,
}

impl Maker<'_> {
    fn pick(&mut self, choices: usize) -> usize {
        usize::from(self.bytes.next().copied().unwrap_or(0)) % choices
    }

    fn one(&mut self, choices: &[&'static str]) -> &'static str {
        choices[self.pick(choices.len())]
    }

    fn comment(&mut self) -> String {
        self.comments += 1;
        format!("# note {}.", self.comments)
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }

    /// An expression that may use the connection or the table, with what `t` and `db` are called there.
    fn value(&mut self, depth: usize) -> String {
        let simple = [
            "1",
            "t.count_rows()",
            "len(t)",
            "t.version",
            "t.schema.names",
            "t.to_arrow()",
            "t.to_pandas().iloc[0]",
            "len(db.table_names())",
            "\"a\" in db",
            "db[\"a\"].count_rows()",
            "t.search([1.0, 2.0]).limit(3).to_list()",
            "t.search([1.0, 2.0]).where(\"a > 1\").to_list()[0][\"a\"]",
            "t.name",
            "\"await t.count_rows()\"",
        ];
        let kind = if depth == 0 { 0 } else { self.pick(22) };
        if kind < 4 {
            return self.one(&simple).to_owned();
        }
        let (a, b) = (self.value(depth - 1), self.value(depth - 1));
        let gap = self.one(&["", " ", "  "]);
        match kind {
            4 => format!("({a}){gap}"),
            5 => format!("[{gap}{a},{gap}{b}{gap}]"),
            6 => format!("not ({a})"),
            7 => format!("{a} if ({b}) else 0"),
            8 => format!("({a}) == ({b})"),
            9 => format!("str({a}).zfill({gap}3)"),
            // Older versions of Python take neither a comment nor the same quotes in it.
            10 if ["#", "\\", "f\""].iter().all(|part| !a.contains(part)) => {
                let a = a.replace('"', "'").replace('\n', " ");
                format!("f\"{{({a})}} {{1!r:>4}}\"")
            }
            11 => format!("[({a}) for n in db.table_names()]"),
            12 => format!("sum(len(db[n]) for n in [{a}])"),
            13 => format!("{{n: {a} for n in db.table_names() if ({b})}}"),
            14 => format!("({a}) and ({b})"),
            15 => format!("dict(a={a}, b={gap}{b})"),
            16 => {
                let note = self.comment();
                format!("(\n  {a},  {note}\n      {b}\n)")
            }
            17 => {
                let note = self.comment();
                format!("(t.search([1.0, 2.0]){gap} {note}\n .limit(2)\n\n .to_list())")
            }
            18 => "t \\\n  .count_rows()".to_owned(),
            19 => format!("[{a}][-1:]"),
            20 => self.call().unwrap_or_else(|| format!("print({a})")),
            _ => format!("(lambda: {gap}3)() + len([{a}, *[{b}]])"),
        }
    }

    /// A call of a function that stands above.
    fn call(&mut self) -> Option<String> {
        if self.functions.is_empty() {
            return None;
        }
        let at = self.pick(self.functions.len());
        let (name, given) = &self.functions[at];
        Some(match given {
            Given::Uri => format!("{name}(\"data\")"),
            Given::Connection => format!("{name}(db)"),
            Given::Table => format!("{name}( t )"),
        })
    }

    /// A statement, over one or more lines.
    fn statement(&mut self, depth: usize, lines: &mut Vec<String>) {
        let kind = self.pick(20);
        let value = self.value(2);
        let one_line = value.replace("\\\n", " ").replace('\n', " ");
        let has_note = one_line.contains('#');
        let head = if has_note { "1".to_owned() } else { one_line };
        match kind {
            0 => lines.push(format!("print({value})")),
            1 => {
                let name = self.name();
                lines.push(format!("{name} = {value}"));
            }
            2 => lines.push(format!("t.add([{{\"a\": {value}}}])")),
            3 => lines.push(format!("# {}", self.comments + 1_000)),
            4 => lines.push(String::new()),
            5 => {
                let note = self.comment();
                lines.push(format!("t.delete(\"a = 1\") ; print({head})  {note}"));
            }
            6 => {
                lines.push(format!("if {head}:"));
                self.block(depth, lines);
                if self.pick(2) == 1 {
                    lines.push("else :".to_owned());
                    self.block(depth, lines);
                }
            }
            7 => {
                let name = self.name();
                lines.push(format!("for {name} in db.table_names():"));
                self.block(depth, lines);
            }
            8 => {
                lines.push(format!("while {head} is None:"));
                self.block(depth, lines);
            }
            9 => {
                lines.push("try:".to_owned());
                lines.push(format!("{}t = db.open_table(\"a\")", self.step));
                lines.push("except (OSError, ValueError) as error:".to_owned());
                self.block(depth, lines);
            }
            10 => {
                lines.push("with open(t.name) as file:".to_owned());
                self.block(depth, lines);
            }
            11 => lines.push(format!("assert {head}, \"no\"")),
            12 => lines.push("text = \"\"\"a\n  b # no comment\n\"\"\"".to_owned()),
            13 => lines.push("text = f\"\"\"\n{t.version}\n  \"\"\"".to_owned()),
            14 => lines.push(format!("if {head}: print(t.version)")),
            15 => {
                let name = self.name();
                lines.push(format!("def {name}(n = 1):"));
                self.block(depth, lines);
                lines.push(format!("{name}(2)"));
            }
            16 => lines.push("db.create_table(\"b\", [{\"a\": 1}], mode=\"overwrite\")".to_owned()),
            17 => lines.push("t.update(where=\"a = 1\", values={\"a\": len(t)})".to_owned()),
            18 => {
                let call = self.call().unwrap_or_else(|| "print()".to_owned());
                lines.push(call);
            }
            _ => lines.push("s = \"a\\\n# no comment\"".to_owned()),
        }
    }

    fn block(&mut self, depth: usize, lines: &mut Vec<String>) {
        let mut inner = Vec::new();
        if depth > 0 {
            for _ in 0..=self.pick(3) {
                self.statement(depth - 1, &mut inner);
            }
        }
        inner.push("pass".to_owned());
        lines.extend(indented(self.step, &inner));
    }

    fn function(&mut self, is_method: bool, lines: &mut Vec<String>) {
        let name = format!("f{}", self.functions.len());
        let given = [Given::Uri, Given::Connection, Given::Table][self.pick(3)];
        let (parameter, opening) = match given {
            Given::Uri => (
                "uri",
                &["db = lancedb.connect(uri)", "t = db.open_table(\"t\")"][..],
            ),
            Given::Connection => ("db: lancedb.DBConnection", &["t = db[\"t\"]"][..]),
            Given::Table => ("t", &["db = lancedb.connect(\"data\")"][..]),
        };
        if self.pick(3) == 1 {
            let note = self.comment();
            lines.push(note);
        }
        let note = match self.pick(3) {
            1 => format!("  {}", self.comment()),
            _ => String::new(),
        };
        let own = if is_method { "self, " } else { "" };
        lines.push(format!("def {name}({own}{parameter}):{note}"));
        let mut body = Vec::new();
        if self.pick(3) == 1 {
            body.push("\"\"\"What it does.\n\n    More.\"\"\"".to_owned());
        }
        body.extend(opening.iter().map(|line| (*line).to_owned()));
        for _ in 0..=self.pick(4) {
            self.statement(2, &mut body);
        }
        let value = self.value(2);
        body.push(format!("return {value}"));
        lines.extend(indented(self.step, &body));
        if !is_method {
            self.functions.push((name, given));
        }
    }

    fn class(&mut self, lines: &mut Vec<String>) {
        lines.push("class Store:".to_owned());
        let mut body = vec!["def __init__(self, uri=\"data\", *, name=\"t\"):".to_owned()];
        let opening = [
            "self.db = lancedb.connect(uri)".to_owned(),
            "self.table = self.db.open_table(name)".to_owned(),
        ];
        body.extend(indented(self.step, &opening));
        body.push(String::new());
        if self.pick(2) == 1 {
            body.push("@property".to_owned());
        }
        body.push("def size(self):".to_owned());
        body.extend(indented(self.step, &["return len(self.table)".to_owned()]));
        body.push(String::new());
        self.function(true, &mut body);
        lines.extend(indented(self.step, &body));
    }

    fn program(&mut self) -> String {
        self.step = self.one(&["    ", "  ", "\t"]);
        let mut lines = Vec::new();
        if self.pick(3) == 1 {
            lines.push("\"\"\"A program.\"\"\"".to_owned());
        }
        lines.push("import lancedb".to_owned());
        for _ in 0..=self.pick(3) {
            lines.push(String::new());
            match self.pick(4) {
                3 => self.class(&mut lines),
                _ => self.function(false, &mut lines),
            }
        }
        lines.push(String::new());
        let opening = ["db = lancedb.connect(\"data\")", "t = db.open_table(\"t\")"];
        let mut body: Vec<String> = opening.map(str::to_owned).into();
        for _ in 0..=self.pick(4) {
            self.statement(2, &mut body);
        }
        match self.pick(3) {
            0 => {
                lines.push("if __name__ == '__main__':".to_owned());
                lines.extend(indented(self.step, &body));
            }
            1 => lines.extend(body),
            _ => {}
        }
        let mut text = lines.join("\n");
        if self.pick(4) != 1 {
            text.push('\n');
        }
        if self.pick(3) == 1 {
            text = text.replace('\n', "\r\n");
        }
        text
    }
}

/// Lines one level further in; inside of a string they keep what they have.
fn indented(step: &str, lines: &[String]) -> Vec<String> {
    let further = |line: &String| match line.is_empty() {
        true => String::new(),
        false => format!("{step}{line}"),
    };
    lines.iter().map(further).collect()
}

fn program(bytes: &[u8]) -> String {
    let mut maker = Maker {
        bytes: bytes.iter(),
        comments: 0,
        names: 0,
        functions: Vec::new(),
        step: "    ",
    };
    maker.program()
}

/// The comments that the program was given, by their text.
fn notes(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text
        .split("# note ")
        .skip(1)
        .filter_map(|rest| rest.split_once('.').map(|(number, _)| number))
        .collect();
    found.sort_unstable();
    found
}

/// The lines that no edit changes.
fn untouched<'t>(text: &'t str, edits: &[Edit]) -> Vec<&'t str> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let end = start + line.len() as u32;
        let touched = edits.iter().any(|edit| {
            let (from, to) = (edit.span.start, edit.span.end);
            // What is inserted before the first or behind the last character of a line may be lines of its own.
            let inside = start <= from && from < end || from < start && start < to;
            inside && !(from == to && from == start && edit.text.ends_with('\n'))
        });
        if !touched {
            lines.push(line.trim_end_matches(['\r', '\n']));
        }
        start = end;
    }
    lines
}

fn assert_fits(before: &str) {
    let errors = syntax_errors(Language::Python, before, &[]);
    assert!(
        errors.is_empty(),
        "the generator is wrong: {errors:?}\n{before}"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.py");
    std::fs::write(&file, before).unwrap();
    let outcome = fixed(folder.path(), sources(folder.path()), "0.14.0", 1);
    for change in &outcome.changes {
        let mut spans: Vec<_> = change.edits.iter().map(|edit| edit.span).collect();
        spans.sort_unstable();
        for pair in spans.windows(2) {
            assert!(
                pair[0].end <= pair[1].start,
                "edits overlap: {pair:?}\n{before}"
            );
        }
    }
    write_down(&outcome);
    let after = std::fs::read_to_string(&file).unwrap();
    let errors = syntax_errors(Language::Python, &after, &[]);
    assert!(errors.is_empty(), "{errors:?}\n{before}\n{after}");
    assert_eq!(notes(before), notes(&after), "comments\n{before}\n{after}");
    let edits: Vec<Edit> = outcome
        .changes
        .into_iter()
        .flat_map(|change| change.edits)
        .collect();
    // All lines of a program end in the same way; only its last one may have no end, and get one.
    let ends = |text: &str| (text.matches("\r\n").count(), text.matches('\n').count());
    let (windows, all) = ends(&after);
    assert_eq!(
        windows,
        if before.contains("\r\n") { all } else { 0 },
        "line ends\n{before}\n{after}"
    );
    let mut lines = after.lines();
    for line in untouched(before, &edits) {
        assert!(
            lines.any(|found| found == line),
            "a line that no edit touches is not there: {line:?}\n{before}\n{after}"
        );
    }
    assert_at_rest(folder.path(), "0.14.0", before);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_programs_are_rewritten_cleanly(bytes in prop::collection::vec(any::<u8>(), 0..160)) {
        assert_fits(&program(&bytes));
    }
}

/// What the property says is worth something only if most programs are of different shapes and are rewritten.
#[test]
fn most_generated_programs_are_rewritten() {
    let mut state = 7_u32;
    let mut made = BTreeSet::new();
    let mut rewritten = 0;
    for _ in 0..32 {
        let mut byte = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let bytes: Vec<u8> = (0..96).map(|_| byte()).collect();
        let text = program(&bytes);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("app.py"), &text).unwrap();
        let outcome = fixed(folder.path(), sources(folder.path()), "0.14.0", 1);
        rewritten += usize::from(!outcome.changes.is_empty());
        made.insert(text);
    }
    assert_eq!(made.len(), 32);
    assert!(rewritten > 20, "{rewritten} of 32");
}

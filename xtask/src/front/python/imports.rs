//! A quick look at a file's imports without parsing it: enough to know which files may pass values to which.

/// What the imports of a file name: leading dots for relative imports, then a dotted path.
///
/// `import a.b` gives `a.b`; `from a import b` gives `a.b` too, since `b` may be a module or a name in one; `from a import *` gives
/// `a.*`, and `import_module("a.b")` gives `a.b`. Text that only looks like an import may be among them.
pub fn scan(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(&text.as_bytes()[from..], b"import") {
        let at = from + at;
        let behind = at + "import".len();
        let after = &text[behind..];
        // A notebook may be one line: look back only to the statement before.
        let before = &text[statement_start(text, from, at)..at];
        from = behind;
        if let Some(call) = after
            .strip_prefix("_module(")
            .or_else(|| after.strip_prefix("__("))
        {
            add(
                "",
                path_prefix(call.trim_start().trim_start_matches(['"', '\''])),
                &mut found,
            );
        } else if !after.starts_with([' ', '(', '*', '\\', '\t']) {
            // A longer word.
        } else if let Some((_, module)) = before.rsplit_once("from") {
            let module = module.trim_matches([' ', '\t', '\\', '\r', '\n']);
            if path_prefix(module).len() == module.len() {
                let end = end_of_names(after);
                from = behind + end;
                add_names(module, &after[..end], &mut found);
            }
        } else {
            add_names("", &after[..end_of_names(after)], &mut found);
        }
    }
    found
}

/// Where the line with the import starts; a backslash joins it to the line before.
fn statement_start(text: &str, from: usize, at: usize) -> usize {
    let mut start = at;
    loop {
        start = text[from..start]
            .rfind('\n')
            .map_or(from, |newline| from + newline + 1);
        let joined = text[from..start]
            .trim_end_matches(['\n', '\r'])
            .ends_with('\\');
        if !joined || start == from {
            return start;
        }
        start -= 1;
    }
}

/// How far the names go: to the line end, or over it in parentheses and behind a backslash.
fn end_of_names(names: &str) -> usize {
    let in_parentheses = names.trim_start().starts_with('(');
    let mut comment = false;
    let mut joined = false;
    for (at, c) in names.char_indices() {
        match c {
            '\n' if !in_parentheses && !joined => return at,
            '\n' => (comment, joined) = (false, false),
            '#' => comment = true,
            ')' if in_parentheses && !comment => return at,
            // In a notebook's JSON: the end of the line's text.
            '"' | ';' if !in_parentheses => return at,
            '\r' => {}
            _ => joined = c == '\\',
        }
    }
    names.len()
}

fn add_names(module: &str, names: &str, found: &mut Vec<String>) {
    for line in names.lines() {
        for name in line.split('#').next().unwrap_or_default().split(',') {
            let name = name.trim_start_matches([' ', '\t', '(', '"', '\'', '\\']);
            add(
                module,
                if name.starts_with('*') {
                    "*"
                } else {
                    path_prefix(name)
                },
                found,
            );
        }
    }
}

fn add(module: &str, name: &str, found: &mut Vec<String>) {
    if !name.is_empty() {
        let separator = if module.is_empty() || module.ends_with('.') {
            ""
        } else {
            "."
        };
        found.push(format!("{module}{separator}{name}"));
    }
}

/// The dotted path at the start of the text.
fn path_prefix(text: &str) -> &str {
    let text = text.trim_start();
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
        .unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::scan;

    #[test]
    fn every_form_of_import_is_seen() {
        let text = "import a.b as c, d\nfrom .e import f as g, h\nfrom i import (\n    j,  # k\n    l)\nif x: from . import m\n\
                    from n import o, \\\n    p\nfrom q import *\nfrom u import (  # v) w\n x)\nfrom y \\\n import z\nimport aa, \\\n  bb\nr = importlib.import_module(\"s.t\")\nimportant = 1\n";
        let expected = [
            "a.b", "d", ".e.f", ".e.h", "i.j", "i.l", ".m", "n.o", "n.p", "q.*", "u.x", "y.z",
            "aa", "bb", "s.t",
        ];
        assert_eq!(scan(text), expected);
    }

    #[test]
    fn code_in_a_notebook_is_seen() {
        let text = r#"{"source": ["from a import (\n", "    b,\n", ")\n", "import c\n"]}"#;
        let found = scan(text);
        assert!(
            found.contains(&"a.b".to_owned()) && found.contains(&"c".to_owned()),
            "{found:?}"
        );
    }
}

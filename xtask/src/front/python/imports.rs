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
        // A notebook may be one line: look back only to the statement before.
        let line_start = text[from..at]
            .rfind('\n')
            .map_or(from, |newline| from + newline + 1);
        let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        let (before, after) = (&text[line_start..at], &text[at + "import".len()..line_end]);
        from = line_end;
        if let Some(call) = after
            .strip_prefix("_module(")
            .or_else(|| after.strip_prefix("__("))
        {
            add(
                "",
                path_prefix(call.trim_start_matches(['"', '\''])),
                &mut found,
            );
        } else if !after.starts_with([' ', '(', '*', '\\', '\t']) {
            // A longer word.
            from = at + "import".len();
        } else if let Some((_, module)) = before.rsplit_once("from") {
            let module = module.trim();
            if path_prefix(module).len() == module.len() {
                let end = end_of_names(text, line_end, after);
                from = end;
                add_names(module, &text[at + "import".len()..end], &mut found);
            }
        } else {
            let modules = after
                .split(['"', '\\', '#', ';'])
                .next()
                .unwrap_or_default();
            modules
                .split(',')
                .for_each(|module| add("", path_prefix(module), &mut found));
            from = at + "import".len();
        }
    }
    found
}

/// Names in parentheses or behind a backslash go on over line ends.
fn end_of_names(text: &str, line_end: usize, names: &str) -> usize {
    if names.trim_start().starts_with('(') {
        let start = line_end - names.len();
        return text[start..]
            .find(')')
            .map_or(text.len(), |end| start + end);
    }
    let mut end = line_end;
    while text[..end]
        .trim_end_matches(['\r', ',', '"'])
        .ends_with('\\')
        && end < text.len()
    {
        end = text[end + 1..]
            .find('\n')
            .map_or(text.len(), |next| end + 1 + next);
    }
    end
}

fn add_names(module: &str, names: &str, found: &mut Vec<String>) {
    for line in names.lines() {
        for name in line.split('#').next().unwrap_or_default().split(',') {
            let name = name.trim_start_matches([' ', '\t', '(', '"', '\'']);
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
                    from n import o, \\\n    p\nfrom q import *\nr = importlib.import_module(\"s.t\")\nimportant = 1\n";
        let expected = [
            "a.b", "d", ".e.f", ".e.h", "i.j", "i.l", ".m", "n.o", "n.p", "q.*", "s.t",
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

//! A quick look at a file's imports without parsing it: enough to know which files may pass values to which.

/// One imported module path: leading dots for relative imports, then the dotted path.
///
/// `from a import b` gives `a` and `a.b`, since `b` may be a module.
pub fn scan(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), b"import") {
        // The whole statement starts at its line's first word.
        let line_start = rest[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = rest[at..].find('\n').map_or(rest.len(), |end| at + end);
        let line = rest[line_start..line_end].trim_start();
        let mut next = line_end;
        // Notebooks hold code in JSON strings: `"from a import b\n",`.
        let line = line.strip_prefix('"').map_or(line, str::trim_start);
        if let Some(module) = line.strip_prefix("from ") {
            if let Some((module, names)) = module.split_once(" import") {
                let module = module.trim();
                let mut names = names.trim_start().to_owned();
                if names.starts_with('(') && !names.contains(')') {
                    let close = rest[line_end..]
                        .find(')')
                        .map_or(rest.len(), |end| line_end + end);
                    names.push_str(&rest[line_end..close]);
                    next = close;
                }
                add_names(module, &names, &mut found);
            }
        } else if let Some(modules) = line.strip_prefix("import ") {
            for module in modules.split(',') {
                add(module, &mut found);
            }
        }
        rest = &rest[next..];
    }
    found
}

fn add_names(module: &str, names: &str, found: &mut Vec<String>) {
    let separator = if module.ends_with('.') { "" } else { "." };
    if path_prefix(module).len() != module.len() {
        return;
    }
    found.push(module.to_owned());
    for line in names.trim_start_matches('(').lines() {
        for name in line.split('#').next().unwrap_or_default().split(',') {
            let name = path_prefix(name);
            if !name.is_empty() {
                found.push(format!("{module}{separator}{name}"));
            }
        }
    }
}

fn add(module: &str, found: &mut Vec<String>) {
    let module = path_prefix(module);
    if !module.is_empty() {
        found.push(module.to_owned());
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

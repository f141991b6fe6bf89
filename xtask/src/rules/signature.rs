//! Parameter lists of old calls, as rule files write them: `metric='L2', *, replace=True, **kwargs`.

/// A parameter list.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    /// Parameters in order.
    pub params: Vec<Parameter>,
    /// Takes `*args`.
    pub rest: bool,
    /// Takes `**kwargs`.
    pub keyword_rest: bool,
}

/// One parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Only by name.
    pub keyword_only: bool,
}

impl Signature {
    /// Parses a Python parameter list (annotations and defaults are passed over).
    pub fn parse(text: &str) -> Signature {
        let mut signature = Signature::default();
        let mut keyword_only = false;
        for part in split(text, ',') {
            let part = part.as_str();
            if part == "*" {
                keyword_only = true;
            } else if part.starts_with("**") {
                signature.keyword_rest = true;
            } else if part.starts_with('*') {
                signature.rest = true;
                keyword_only = true;
            } else if part != "/" && !part.is_empty() {
                let name = part
                    .split([':', '='])
                    .next()
                    .unwrap_or(part)
                    .trim()
                    .to_owned();
                signature.params.push(Parameter { name, keyword_only });
            }
        }
        signature
    }

    /// Name of the n-th positional parameter.
    pub fn positional(&self, index: usize) -> Option<&str> {
        self.params
            .iter()
            .filter(|param| !param.keyword_only)
            .nth(index)
            .map(|param| param.name.as_str())
    }
}

/// Splits at a separator outside of brackets and quotes; the parts are trimmed.
pub(super) fn split(text: &str, separator: char) -> Vec<String> {
    let (mut parts, mut depth, mut quote) = (vec![String::new()], 0_i32, None);
    for c in text.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if "([{".contains(c) => depth += 1,
            None if ")]}".contains(c) => depth -= 1,
            None if c == separator && depth == 0 => {
                parts.push(String::new());
                continue;
            }
            None => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}

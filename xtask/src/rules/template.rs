//! Replacement templates: `await {recv}.update({values}[[, where={where}]])`; see `RULE-FORMAT.md`.

/// A parsed template.
#[derive(Clone, Debug)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Recv,
    Args {
        without: Vec<String>,
        rename: Vec<(String, String)>,
    },
    Param {
        name: String,
        default: Option<String>,
        filter: Option<Filter>,
    },
    Optional(Vec<Part>),
}

#[derive(Clone, Copy, Debug)]
enum Filter {
    Lower,
    Index,
}

/// An argument of the call that is rewritten.
#[derive(Clone, Debug)]
pub struct BoundArg {
    /// The parameter that it is bound to, if that is known.
    pub param: Option<String>,
    /// Passed by keyword.
    pub keyword: bool,
    /// `*` or `**` before it, or nothing.
    pub star: &'static str,
    /// Its text.
    pub text: String,
    /// It is a string literal.
    pub is_string: bool,
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Template, String> {
        let mut rest = text;
        let parts = parse_parts(&mut rest, false)?;
        if rest.is_empty() {
            Ok(Template { parts })
        } else {
            Err(format!("`]]` without `[[` in `{text}`"))
        }
    }

    /// The names of all parameters in it.
    pub fn params(&self) -> Vec<&str> {
        fn walk<'a>(parts: &'a [Part], into: &mut Vec<&'a str>) {
            for part in parts {
                match part {
                    Part::Param { name, .. } => into.push(name),
                    Part::Optional(inner) => walk(inner, into),
                    Part::Args { without, rename } => {
                        into.extend(without.iter().map(String::as_str));
                        into.extend(rename.iter().map(|(from, _)| from.as_str()));
                    }
                    Part::Text(_) | Part::Recv => {}
                }
            }
        }
        let mut names = Vec::new();
        walk(&self.parts, &mut names);
        names
    }

    /// The text for one call, or `None` when a placeholder has no value. `module` is what stands for `lancedb.` in this file.
    pub fn render(&self, recv: &str, args: &[BoundArg], module: &str) -> Option<String> {
        // What `*args` and `**kwargs` hold cannot be seen: only `{args}` passes them on.
        let passes_all = (self.parts.iter()).any(|part| matches!(part, Part::Args { .. }));
        if !passes_all && args.iter().any(|arg| !arg.star.is_empty()) {
            return None;
        }
        render_parts(&self.parts, recv, args, module)
    }
}

fn parse_parts(rest: &mut &str, inside: bool) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut text = String::new();
    fn flush(text: &mut String, parts: &mut Vec<Part>) {
        if !text.is_empty() {
            parts.push(Part::Text(std::mem::take(text)));
        }
    }
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("{{").or_else(|| rest.strip_prefix("}}")) {
            text.push(c);
            *rest = after;
        } else if let Some(after) = rest.strip_prefix("[[") {
            flush(&mut text, &mut parts);
            *rest = after;
            let inner = parse_parts(rest, true)?;
            *rest = rest.strip_prefix("]]").ok_or("`[[` is not closed")?;
            parts.push(Part::Optional(inner));
        } else if inside && rest.starts_with("]]") {
            break;
        } else if let Some(after) = rest.strip_prefix('{') {
            flush(&mut text, &mut parts);
            let end = after.find('}').ok_or("`{` is not closed")?;
            parts.push(placeholder(&after[..end])?);
            *rest = &after[end + 1..];
        } else {
            text.push(c);
            *rest = &rest[c.len_utf8()..];
        }
    }
    flush(&mut text, &mut parts);
    Ok(parts)
}

fn placeholder(text: &str) -> Result<Part, String> {
    if text == "recv" {
        return Ok(Part::Recv);
    }
    if let Some(options) = text.strip_prefix("args") {
        let (mut without, mut rename) = (Vec::new(), Vec::new());
        for option in options.split('-') {
            let mut renames = option.split('=');
            if let Some(name) = renames.next().filter(|name| !name.is_empty()) {
                without.push(name.to_owned());
            }
            for pair in renames {
                let (from, to) = pair
                    .split_once(':')
                    .ok_or_else(|| format!("`{text}`: a renaming is `from:to`"))?;
                rename.push((from.to_owned(), to.to_owned()));
            }
        }
        return Ok(Part::Args { without, rename });
    }
    let (name, default) = match text.split_once('|') {
        Some((name, default)) => (name, Some(default.to_owned())),
        None => (text, None),
    };
    let (name, filter) = match name.split_once('!') {
        Some((name, "lower")) => (name, Some(Filter::Lower)),
        Some((name, "index")) => (name, Some(Filter::Index)),
        Some((_, other)) => return Err(format!("unknown filter `{other}`")),
        None => (name, None),
    };
    if name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.is_empty() {
        Ok(Part::Param {
            name: name.to_owned(),
            default,
            filter,
        })
    } else {
        Err(format!("`{{{text}}}` is no placeholder"))
    }
}

fn render_parts(parts: &[Part], recv: &str, args: &[BoundArg], module: &str) -> Option<String> {
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(&text.replace("lancedb.", module)),
            Part::Recv => out.push_str(recv),
            Part::Args { without, rename } => out.push_str(&render_args(args, without, rename)),
            Part::Param {
                name,
                default,
                filter,
            } => {
                let bound = args
                    .iter()
                    .find(|arg| arg.param.as_deref() == Some(name) && arg.star.is_empty());
                let text = bound
                    .map(|arg| arg.text.clone())
                    .or_else(|| default.clone())?;
                out.push_str(&match filter {
                    Some(Filter::Lower) if bound.is_some_and(|arg| arg.is_string) => {
                        text.to_lowercase()
                    }
                    Some(Filter::Lower) => text,
                    Some(Filter::Index) => index_class(&text)?,
                    None => text,
                });
            }
            Part::Optional(inner) => {
                if let Some(text) = render_parts(inner, recv, args, module) {
                    out.push_str(&text);
                }
            }
        }
    }
    Some(out)
}

fn render_args(args: &[BoundArg], without: &[String], rename: &[(String, String)]) -> String {
    let mut left_out = false;
    let mut texts = Vec::new();
    for arg in args {
        let name = arg.param.as_deref().unwrap_or_default();
        if without.iter().any(|out| out == name) {
            // Positional arguments behind one that is left out must be named.
            left_out |= !arg.keyword;
            continue;
        }
        let renamed = rename
            .iter()
            .find(|(from, _)| from == name)
            .map(|(_, to)| to.as_str());
        let keyword = arg.keyword
            || (left_out && arg.star.is_empty() && arg.param.is_some())
            || (renamed.is_some() && arg.star.is_empty());
        texts.push(if keyword {
            format!("{}={}", renamed.unwrap_or(name), arg.text)
        } else {
            format!("{}{}", arg.star, arg.text)
        });
    }
    texts.join(", ")
}

/// The config class for an index type name: `"IVF_HNSW_PQ"` → `HnswPq`.
fn index_class(text: &str) -> Option<String> {
    let name = text.trim_matches(['"', '\'']).to_ascii_uppercase();
    let class = match name.as_str() {
        "IVF_PQ" => "IvfPq",
        "IVF_FLAT" => "IvfFlat",
        "IVF_SQ" => "IvfSq",
        "IVF_RQ" => "IvfRq",
        "IVF_HNSW_PQ" => "HnswPq",
        "IVF_HNSW_SQ" => "HnswSq",
        "IVF_HNSW_FLAT" => "HnswFlat",
        "BTREE" => "BTree",
        "BITMAP" => "Bitmap",
        "LABEL_LIST" => "LabelList",
        _ => return None,
    };
    text.starts_with(['"', '\'']).then(|| class.to_owned())
}

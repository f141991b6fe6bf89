//! A big Python code base, made up but shaped like a real one: services in packages that import each other, sources of 6 kB in the
//! mean, data frames and ORM sessions with the very method names that LanceDB's tables have. One file in a hundred uses LanceDB,
//! others get its objects from those without naming it. The same arguments always give the same bytes.

use std::fs;
use std::io;
use std::path::Path;

use super::templates::{
    CLIENT_MODULES, CONSUMERS, FIELDS, FILES, FUNCTIONS, HOLDERS, IMPORTS, METHODS, NOUNS, PROSE,
    VERBS,
};

/// Folders of modules; every service has this many.
const PACKAGES: usize = 20;
/// Modules of a package, its `__init__.py` counted.
const MODULES: usize = 25;
/// One module in so many names the client.
const CLIENT_SHARE: usize = 100;
/// Every client module is imported by so many others of its package.
const IMPORTERS: usize = 2;

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tree {
    /// Python files that an audit looks at.
    pub(crate) files: usize,
    /// Of these, files that name the client.
    pub(crate) client_files: usize,
    /// Bytes of all of them.
    pub(crate) bytes: usize,
}

/// Writes a tree of `files` Python files below `root`, and some more in a folder that `.gitignore` names.
///
/// # Errors
/// When a file cannot be written.
pub(crate) fn write(root: &Path, files: usize) -> io::Result<Tree> {
    let mut tree = Tree::default();
    fs::create_dir_all(root.join("build"))?;
    fs::write(
        root.join(".gitignore"),
        "/build/\n__pycache__/\n*.egg-info\n",
    )?;
    fs::write(
        root.join("requirements.txt"),
        "lancedb==0.14.0\npandas\nsqlalchemy\n",
    )?;
    for number in 0..files {
        let place = Place::of(number);
        let folder = root.join(&place.service).join(&place.package);
        if place.module == 0 {
            fs::create_dir_all(&folder)?;
        }
        let text = place.text();
        tree.files += 1;
        tree.client_files += usize::from(text.contains("lancedb"));
        tree.bytes += text.len();
        fs::write(folder.join(format!("{}.py", place.name())), text)?;
    }
    for number in 0..files / 100 {
        // What a build left behind: copies, with uses that nobody wants to hear of.
        let text = Place::of(number * CLIENT_SHARE + CLIENT_MODULE).text();
        fs::write(root.join("build").join(format!("copy_{number}.py")), text)?;
    }
    Ok(tree)
}

/// Where in its hundred the file that names the client stands: inside of a package, not its `__init__.py`.
const CLIENT_MODULE: usize = 7;

/// One file of the tree.
struct Place {
    number: usize,
    service: String,
    package: String,
    /// Position in the package; 0 is `__init__`.
    module: usize,
}

impl Place {
    fn of(number: usize) -> Place {
        let package = number / MODULES;
        let service = package / PACKAGES;
        Place {
            number,
            service: format!("{}_service_{service}", NOUNS[service % NOUNS.len()]),
            package: format!("{}_{}", NOUNS[package % NOUNS.len()], package % PACKAGES),
            module: number % MODULES,
        }
    }

    fn is_client(&self) -> bool {
        self.number % CLIENT_SHARE == CLIENT_MODULE
    }

    /// Does it get the client's objects from the module that names it?
    fn is_importer(&self) -> bool {
        (1..=IMPORTERS).contains(&(self.number % CLIENT_SHARE).wrapping_sub(CLIENT_MODULE))
    }

    /// Name of the module.
    fn name(&self) -> &'static str {
        if self.is_client() {
            "vectors"
        } else {
            FILES[self.module]
        }
    }

    fn text(&self) -> String {
        let mut writer = Writer {
            holder: HOLDERS[self.number % HOLDERS.len()],
            random: Random::new(self.number as u64),
            text: String::new(),
        };
        if self.module == 0 {
            self.package_file(&mut writer);
        } else {
            self.module_file(&mut writer);
        }
        writer.text
    }

    fn package_file(&self, writer: &mut Writer) {
        if writer.random.below(3) > 0 {
            writer.line(&format!("\"\"\"The {} package.\"\"\"\n", self.package));
        }
        let modules = &FILES[1..1 + writer.random.below(5)];
        for module in modules {
            writer.line(&format!("from .{module} import {}", class_name(module)));
        }
        let names: Vec<String> = modules.iter().map(|module| class_name(module)).collect();
        writer.line(&format!("\n__all__ = {names:?}"));
    }

    fn module_file(&self, writer: &mut Writer) {
        let prose = writer.sentence();
        writer.line(&format!("\"\"\"{prose}\n"));
        writer.paragraph("");
        writer.line("\"\"\"\n\nfrom __future__ import annotations\n");
        let head = std::mem::take(&mut writer.text);
        let neighbours = self.imports(writer);
        self.body(writer);
        let body = std::mem::take(&mut writer.text);
        writer.text = head;
        for (import, words) in IMPORTS {
            // As in real life, few imports are not needed.
            if words.iter().any(|word| body.contains(word)) || writer.random.below(50) == 0 {
                writer.line(import);
            }
        }
        writer.text.push_str(&neighbours);
        writer.text.push_str(&body);
    }

    fn body(&self, writer: &mut Writer) {
        writer.line("\nlogger = logging.getLogger(__name__)\n");
        writer.fill("MAX_@UPPER_ROWS = @number\nDEFAULT_OPTIONS = {\"@field\": @number, \"@noun\": \"@noun\", \"limit\": @number}\n\n");
        if self.is_client() {
            let nth = self.number / CLIENT_SHARE % CLIENT_MODULES.len();
            writer.fill(CLIENT_MODULES[nth]);
        } else if self.is_importer() {
            let nth = writer.random.below(CONSUMERS.len());
            writer.fill(CONSUMERS[nth]);
        }
        writer.fill(&format!(
            "class {}:\n    \"\"\"@prose\n\n    @prose @prose\n    \"\"\"\n\n    def __init__(self, session, @holder, options=None):\n        self.session = session\n        self.@holder = @holder\n        self.options = dict(DEFAULT_OPTIONS if options is None else options)\n        self._cache: dict[str, pd.DataFrame] = {{}}\n",
            class_name(self.name())
        ));
        // Most modules are small, a few are long.
        let blocks = match writer.random.below(20) {
            0..8 => 2 + writer.random.below(5),
            8..17 => 5 + writer.random.below(9),
            17..19 => 14 + writer.random.below(16),
            _ => 40 + writer.random.below(40),
        };
        let methods = blocks * 2 / 3;
        for _ in 0..methods {
            let nth = writer.random.below(METHODS.len());
            writer.fill(METHODS[nth]);
        }
        for _ in methods..blocks {
            let nth = writer.random.below(FUNCTIONS.len());
            writer.fill(FUNCTIONS[nth]);
        }
    }

    /// Imports of neighbours and of other services; the body starts with what they are for.
    fn imports(&self, writer: &mut Writer) -> String {
        let (mut lines, mut names) = (String::new(), Vec::new());
        for nth in 0..1 + writer.random.below(4) {
            let other = FILES[1 + writer.random.below(MODULES - 1)];
            let class = class_name(other);
            let name = format!("{class}{nth}");
            lines += &match writer.random.below(5) {
                0..3 => format!("from .{other} import {class} as {name}\n"),
                3 => format!("from . import {other} as {name}\n"),
                _ => {
                    let service = self.number / (MODULES * PACKAGES) * MODULES * PACKAGES;
                    let near = Place::of(service + writer.random.below(PACKAGES) * MODULES);
                    let path = format!("{}.{}.{other}", near.service, near.package);
                    format!("from {path} import {class} as {name}\n")
                }
            };
            names.push(name);
        }
        if self.is_importer() {
            lines += "from .vectors import VectorStore, open_store\n";
            names.push("VectorStore".to_owned());
        }
        writer.line(&format!("\nPARTS = ({},)", names.join(", ")));
        lines
    }
}

fn class_name(module: &str) -> String {
    module.split('_').map(capitalised).collect()
}

fn capitalised(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

/// Fills templates with words.
struct Writer {
    random: Random,
    /// Attribute in which this file's main class keeps its data.
    holder: &'static str,
    text: String,
}

impl Writer {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn sentence(&mut self) -> String {
        let mut sentence = capitalised(PROSE[self.random.below(PROSE.len())]);
        for _ in 0..6 + self.random.below(8) {
            sentence.push(' ');
            sentence.push_str(PROSE[self.random.below(PROSE.len())]);
        }
        sentence + "."
    }

    fn paragraph(&mut self, indent: &str) {
        for _ in 0..self.random.below(5) {
            let line = format!("{indent}{}", self.sentence());
            self.line(&line);
        }
    }

    /// Writes a template whose `@words` are replaced: `@noun`, `@verb`, `@field`, `@number`, `@prose`, `@holder`, `@Class`, `@UPPER`.
    fn fill(&mut self, template: &str) {
        let mut parts = template.split('@');
        self.text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let noun = NOUNS[self.random.below(NOUNS.len())];
            let words = [
                ("noun", noun.to_owned()),
                ("verb", VERBS[self.random.below(VERBS.len())].to_owned()),
                ("field", FIELDS[self.random.below(FIELDS.len())].to_owned()),
                ("number", (1 + self.random.below(5000)).to_string()),
                ("holder", self.holder.to_owned()),
                ("prose", self.sentence()),
                ("Class", capitalised(noun)),
                ("UPPER", noun.to_uppercase()),
            ];
            // What is no word is a decorator.
            let (word, rest) = words
                .iter()
                .find_map(|(name, word)| Some((word.as_str(), part.strip_prefix(name)?)))
                .unwrap_or(("@", part));
            self.text.push_str(word);
            self.text.push_str(rest);
        }
        self.text.push('\n');
    }
}

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x1234_5678_9ABC_DEF0)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}

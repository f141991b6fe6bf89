//! The rules: what `migration-docs/rules/` says, as data.
//!
//! [`RuleSet::load`] reads the files that are built into the program. Together they are the *API graph*: which types the old
//! client has, which members these have, and what each member gives. The flow follows the graph, the findings quote the rules.

pub mod cond;
pub mod examples;
mod load;
mod raw;
pub mod signature;
pub mod template;
pub mod usage;

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use rustc_hash::FxHashMap;

use crate::finding::{Effect, Fix, Safety};
use cond::Cond;
use signature::Signature;
use template::Template;

/// The oldest client that the rules know.
pub const OLDEST: &str = "0.14.0";
/// The client that the rules lead to.
pub const NEWEST: &str = "0.40.0";

/// Index into [`RuleSet::types`].
pub type TypeId = u16;
/// Index into [`RuleSet::symbols`].
pub type SymbolId = u32;

/// All rules, and the API graph that they describe.
#[derive(Debug, Default)]
pub struct RuleSet {
    /// Rules by id.
    pub rules: Vec<Rule>,
    /// Symbols of rules and unchanged ones.
    pub symbols: Vec<Symbol>,
    /// Types of the graph.
    pub types: Vec<TypeInfo>,
    /// Exceptions that changed their class.
    pub exceptions: Vec<ExceptionRule>,
    /// Why names, rows and gotchas have no rule.
    pub waived_names: Vec<Waiver>,
    /// Rows and gotchas without a rule.
    pub waived_facts: Vec<Waiver>,
    /// Names that replacements bring in, each with its module; a module has its own name there.
    pub imports: BTreeMap<String, String>,
    members: FxHashMap<(TypeId, String), SymbolId>,
    paths: FxHashMap<String, SymbolId>,
    classes: FxHashMap<String, TypeId>,
    counterparts: BTreeMap<String, String>,
    async_functions: Vec<String>,
    async_type: TypeId,
}

/// One rule file.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `LB003`.
    pub id: String,
    /// `open-table`.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// `sync-to-async`, ….
    pub kind: String,
    /// `connection`, ….
    pub area: String,
    /// Rows of the table of differences that it covers.
    pub rows: Vec<String>,
    /// Gotchas that it covers.
    pub gotchas: Vec<String>,
    /// Where its examples can be run.
    pub witness: Witness,
    /// The Markdown after the front matter.
    pub body: String,
}

/// Where a rule's `before` blocks are run, to compare what they do with the `after` blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Witness {
    /// On this version of the synchronous client.
    Client(String),
    /// Nowhere: the reason.
    Nowhere(String),
}

/// A type of the API graph.
#[derive(Clone, Debug)]
pub struct TypeInfo {
    /// `Table`.
    pub name: String,
    /// `VectorQuery` is a `Query`.
    pub parent: Option<TypeId>,
    /// Client classes that it stands for.
    pub classes: Vec<String>,
    /// The async counterpart, as a dotted path.
    pub counterpart: Option<String>,
}

/// How a symbol is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// `x.member(…)`.
    Method,
    /// `x.member`.
    Property,
    /// `len(x)`, `a in x`, ….
    Operator,
    /// `module.function(…)`.
    Function,
    /// `Class(…)`.
    Class,
}

/// A member, function or class of the old client.
#[derive(Clone, Debug)]
pub struct Symbol {
    /// `Table.search`.
    pub old: String,
    /// The rule, or `None` when it does not change.
    pub rule: Option<usize>,
    /// How it is used.
    pub form: Form,
    /// Parameters of the old call.
    pub signature: Signature,
    /// The counterpart.
    pub new: Option<String>,
    /// First client version with the counterpart.
    pub since: Option<Version>,
    /// What it gives.
    pub returns: TypeExpr,
    /// Ways to use it, tried in order.
    pub variants: Vec<Variant>,
    /// Differences that may apply.
    pub cases: Vec<CaseRule>,
}

/// A way to use a symbol.
#[derive(Clone, Debug)]
pub struct Variant {
    /// When it applies.
    pub when: Cond,
    /// Is it a finding at all?
    pub finding: bool,
    /// What changes.
    pub message: String,
    /// Code that answers what the old code answered.
    pub replace: Option<Template>,
    /// Code as one would write it today, where that answers differently.
    pub modern: Option<Modern>,
    /// Safety of the replacement.
    pub fix: Fix,
    /// What happens without a rewrite.
    pub effect: Effect,
    /// What it gives, if not what the symbol says.
    pub returns: Option<TypeExpr>,
    /// Not for code that was written for this version or a later one.
    pub changed_in: Option<Version>,
}

/// What `--modernize` writes instead of the faithful replacement.
#[derive(Clone, Debug)]
pub struct Modern {
    /// The code.
    pub template: Template,
    /// What it answers differently, in one sentence.
    pub note: String,
}

/// A difference that applies to some uses.
#[derive(Clone, Debug)]
pub struct CaseRule {
    /// Gotcha or row.
    pub id: String,
    /// Breaks or silent.
    pub effect: Effect,
    /// When it applies.
    pub when: Cond,
    /// In a few words.
    pub title: String,
    /// The old answer.
    pub legacy: String,
    /// The new answer.
    pub new: String,
    /// Not for code that was written for this version or a later one.
    pub changed_in: Option<Version>,
}

/// An exception that is of another class in the async client.
#[derive(Clone, Debug)]
pub struct ExceptionRule {
    /// The rule.
    pub rule: usize,
    /// Symbols that raise it.
    pub during: Vec<String>,
    /// When.
    pub situation: String,
    /// Old class, builtin or dotted.
    pub legacy: String,
    /// New class.
    pub new: String,
    /// Gotcha or row.
    pub id: String,
    /// Not for code that was written for this version or a later one.
    pub changed_in: Option<Version>,
}

/// Why something has no rule.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// What.
    pub names: Vec<String>,
    /// Why.
    pub reason: String,
}

/// What a symbol gives, in the graph's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeExpr {
    /// The receiver itself (builder steps).
    SelfType,
    /// A client object.
    Api(TypeId),
    /// A string.
    Str,
    /// A number.
    Int,
    /// Known and of no interest.
    Other,
    /// Nothing.
    None,
    /// A list or other collection.
    List(Box<TypeExpr>),
}

impl RuleSet {
    /// The member of a type, its own or its parent's; of `Query` also what only one kind of query has.
    pub fn member(&self, ty: TypeId, name: &str) -> Option<SymbolId> {
        let own = |ty: TypeId| self.members.get(&(ty, name.to_owned())).copied();
        let parent = self.types[ty as usize].parent;
        own(ty).or_else(|| parent.and_then(own)).or_else(|| {
            let mut children = (0..self.types.len() as TypeId)
                .filter(|&child| self.types[child as usize].parent == Some(ty));
            children.find_map(own)
        })
    }

    /// A function or class of the client by its dotted path, e.g. `lancedb.connect`.
    pub fn path(&self, path: &str) -> Option<SymbolId> {
        if let Some(&symbol) = self.paths.get(path) {
            return Some(symbol);
        }
        // `lancedb.table.LanceTable.open` is declared as `LanceTable.open`.
        let (owner, last) = path.rsplit_once('.')?;
        if self.classes.contains_key(path) {
            return self.paths.get(last).copied();
        }
        if self.classes.contains_key(owner) {
            let class = owner.rsplit('.').next().unwrap_or(owner);
            return self.paths.get(&format!("{class}.{last}")).copied();
        }
        None
    }

    /// The type that a client class stands for.
    pub fn class(&self, path: &str) -> Option<TypeId> {
        self.classes.get(path).copied()
    }

    /// The class of the async client that takes the place of a client class, both as dotted paths.
    pub fn class_counterpart(&self, path: &str) -> Option<&str> {
        self.counterparts.get(path).map(String::as_str)
    }

    /// Every class with a counterpart, and that.
    pub fn counterparts(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.counterparts.iter();
        pairs.map(|(class, counterpart)| (class.as_str(), counterpart.as_str()))
    }

    /// A Python program that imports all that replacements and renamed types need from the async client.
    pub fn import_program(&self) -> String {
        let classes = self
            .counterparts()
            .filter_map(|(_, path)| path.rsplit_once('.'));
        let names = self
            .imports
            .iter()
            .map(|(name, module)| (module.as_str(), name.as_str()))
            .chain(classes);
        let mut lines: Vec<String> = names
            .map(|(module, name)| match module == name {
                true => format!("import {module}\n"),
                false => format!("from {module} import {name}\n"),
            })
            .collect();
        lines.sort_unstable();
        lines.dedup();
        lines.concat()
    }

    /// Does this function give an object of the async client?
    pub fn is_async_function(&self, path: &str) -> bool {
        self.async_functions.iter().any(|function| function == path)
    }

    /// The type of everything that belongs to the async client.
    pub fn async_type(&self) -> TypeId {
        self.async_type
    }

    /// A type by its name.
    pub fn type_named(&self, name: &str) -> Option<TypeId> {
        self.types
            .iter()
            .position(|info| info.name == name)
            .map(|index| index as TypeId)
    }

    /// Is `ty` the type `other` or a kind of it?
    pub fn is_a(&self, ty: TypeId, other: TypeId) -> bool {
        ty == other || self.types[ty as usize].parent == Some(other)
    }

    /// What `--modernize` answers differently: each note with its rule, as findings give it for a reason.
    pub fn modern_notes(&self) -> BTreeSet<String> {
        let symbols = self.symbols.iter();
        symbols
            .filter_map(|symbol| Some((&self.rules[symbol.rule?].id, &symbol.variants)))
            .flat_map(|(rule, variants)| variants.iter().map(move |variant| (rule, variant)))
            .filter_map(|(rule, variant)| {
                Some(format!("{rule}: {}", variant.modern.as_ref()?.note))
            })
            .collect()
    }

    /// A rule by its id or name.
    pub fn find(&self, id: &str) -> Option<&Rule> {
        self.rules
            .iter()
            .find(|rule| rule.id.eq_ignore_ascii_case(id) || rule.name == id)
    }
}

impl Symbol {
    /// The member's own name.
    pub fn member(&self) -> &str {
        self.old.rsplit('.').next().unwrap_or(&self.old)
    }
}

impl Default for Variant {
    fn default() -> Self {
        Variant {
            when: Cond::default(),
            finding: true,
            message: String::new(),
            replace: None,
            modern: None,
            fix: Fix {
                safety: Safety::None,
                reason: String::new(),
            },
            effect: Effect::Breaks,
            returns: None,
            changed_in: None,
        }
    }
}

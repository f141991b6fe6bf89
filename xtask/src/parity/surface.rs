//! What the crates declare: types with their methods, and functions.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Attribute, Fields, ImplItem, Item, Signature, TraitItem, Type};

use super::exceptions::Exceptions;
use super::macros::{Call, Definitions};
use super::names::{Crates, Side, Target};
use super::shape::{Setting, Shape};
use super::tree::{Module, NameKind, is_hidden, is_public, is_test, kind};

/// The module of the sync crate that keeps the old client's names.
pub const LEGACY: &str = "legacy";

/// A function or method.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its signature.
    pub shape: Shape,
    /// `path:line`.
    pub place: String,
    /// Written in the module `legacy` of the sync crate.
    pub is_legacy: bool,
    /// The note of its `cfg_attr(feature = "migration-lints", deprecated(note = "…"))`.
    pub note: Option<String>,
}

/// What is known of one declared item, whether it is public or not.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// `path:line`.
    pub place: String,
    /// Public inherent methods; of a trait, all methods.
    pub methods: BTreeMap<String, Function>,
    /// For a function, itself.
    pub function: Option<Function>,
    /// An enum, or a struct with public fields: its users see how it is made.
    pub is_plain: bool,
    /// `Future`, `IntoFuture` and `Stream`, if it implements them.
    pub awaitable: BTreeSet<String>,
    /// Macro calls that may declare more methods.
    pub calls: Vec<Call>,
}

/// All declared items of the two crates.
#[derive(Debug, Default)]
pub struct Surface {
    /// By what a name resolves to.
    pub items: BTreeMap<Target, Declared>,
    /// Macro calls between items.
    pub calls: Vec<(Side, Call)>,
    /// What else could not be audited: `path:line: what`.
    pub unaudited: Vec<String>,
}

impl Surface {
    /// Collects what both crates declare.
    pub fn new(crates: &Crates, exceptions: &Exceptions) -> Surface {
        let mut surface = Surface::default();
        let renamed = exceptions.renamed_types();
        for side in [Side::Async, Side::Sync] {
            let definitions = Definitions::new(crates.modules(side));
            for (index, module) in crates.modules(side).iter().enumerate() {
                let reader = Reader {
                    crates,
                    module,
                    at: (side, index),
                    renamed: &renamed,
                    definitions: &definitions,
                };
                for (position, item) in module.items.iter().enumerate() {
                    let target = Target::Item(side, index, position);
                    reader.read(item, target, &mut surface);
                }
            }
        }
        surface
    }
}

struct Reader<'a> {
    crates: &'a Crates,
    module: &'a Module,
    at: (Side, usize),
    renamed: &'a BTreeMap<String, String>,
    definitions: &'a Definitions,
}

impl Reader<'_> {
    fn read(&self, item: &Item, target: Target, surface: &mut Surface) {
        match item {
            Item::Impl(item) => self.read_impl(item, surface),
            Item::Fn(item) => {
                let generics = syn::Generics::default();
                let function = self.function(&item.sig, "", &generics, &item.attrs);
                let declared = surface.items.entry(target).or_default();
                declared.place = function.place.clone();
                declared.function = Some(function);
            }
            Item::Trait(item) => {
                let owner = item.ident.to_string();
                let declared = surface.items.entry(target).or_default();
                declared.place = self.place(&item.ident);
                for member in &item.items {
                    match member {
                        TraitItem::Fn(method) if !is_hidden(&method.attrs) => {
                            let function =
                                self.function(&method.sig, &owner, &item.generics, &method.attrs);
                            let name = method.sig.ident.to_string();
                            declared.methods.insert(name, function);
                        }
                        TraitItem::Macro(call) => declared
                            .calls
                            .extend(self.call(&call.mac, &format!("trait {owner}"))),
                        _ => {}
                    }
                }
            }
            Item::Macro(item) if item.ident.is_none() => {
                let call = self.call(&item.mac, "a module");
                surface.calls.extend(call.map(|call| (self.at.0, call)));
            }
            item => {
                if let Some((name, _)) = super::tree::declares(item) {
                    let declared = surface.items.entry(target).or_default();
                    declared.place = self.place(name);
                    declared.is_plain = match item {
                        Item::Enum(_) => true,
                        Item::Struct(item) => has_public_field(&item.fields),
                        _ => false,
                    };
                }
            }
        }
    }

    fn read_impl(&self, item: &syn::ItemImpl, surface: &mut Surface) {
        let Type::Path(path) = &*item.self_ty else {
            return;
        };
        let segments: Vec<String> = path
            .path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let owner = segments.last().cloned().unwrap_or_default();
        let targets = self.crates.resolve(self.at, &segments);
        let target = targets.into_iter().find(|target| {
            let item = self.crates.item(target);
            item.is_some_and(|item| kind(item) == NameKind::Type)
        });
        if let Some((_, of, _)) = &item.trait_ {
            let name = of.segments.last().map(|it| it.ident.to_string());
            let is_awaitable =
                |name: &String| ["Future", "IntoFuture", "Stream"].contains(&name.as_str());
            if let (Some(target), Some(name)) = (target, name.filter(is_awaitable)) {
                let declared = surface.items.entry(target).or_default();
                declared.awaitable.insert(name);
            }
            return;
        }
        let Some(target) = target else {
            // An `impl` without a trait is always of a type of this crate.
            let line = self.place(&item.impl_token);
            let what =
                format!("{line}: `impl {owner}`: this type is declared by a macro, or not at all");
            surface.unaudited.push(what);
            return;
        };
        let declared = surface.items.entry(target).or_default();
        for member in &item.items {
            match member {
                ImplItem::Fn(method)
                    if is_public(&method.vis)
                        && !is_hidden(&method.attrs)
                        && !is_test(&method.attrs) =>
                {
                    let function =
                        self.function(&method.sig, &owner, &item.generics, &method.attrs);
                    let name = method.sig.ident.to_string();
                    declared.methods.entry(name).or_insert(function);
                }
                ImplItem::Macro(call) => declared
                    .calls
                    .extend(self.call(&call.mac, &format!("impl {owner}"))),
                _ => {}
            }
        }
    }

    fn function(
        &self,
        signature: &Signature,
        owner: &str,
        generics: &syn::Generics,
        attributes: &[Attribute],
    ) -> Function {
        let setting = Setting {
            side: self.at.0,
            owner,
            generics,
            renamed: self.renamed,
        };
        Function {
            shape: Shape::new(signature, setting),
            place: self.place(&signature.ident),
            is_legacy: is_legacy(self.module, self.at.0),
            note: deprecation_note(attributes),
        }
    }

    fn place(&self, node: &impl syn::spanned::Spanned) -> String {
        format!("{}:{}", self.module.file, node.span().start().line)
    }

    fn call(&self, call: &syn::Macro, inside: &str) -> Option<Call> {
        self.definitions.call(call, &self.place(&call.path), inside)
    }
}

/// Is it part of the old surface?
pub fn is_legacy(module: &Module, side: Side) -> bool {
    side == Side::Sync && module.path.first().is_some_and(|name| name == LEGACY)
}

/// Is an item the old surface's?
pub fn is_legacy_item(crates: &Crates, target: &Target) -> bool {
    match *target {
        Target::Item(side, module, _) => is_legacy(&crates.modules(side)[module], side),
        _ => false,
    }
}

fn has_public_field(fields: &Fields) -> bool {
    fields
        .iter()
        .any(|field| is_public(&field.vis) && !is_hidden(&field.attrs))
}

/// The note of `#[cfg_attr(feature = "migration-lints", deprecated(note = "…"))]`.
fn deprecation_note(attributes: &[Attribute]) -> Option<String> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg_attr"))
        .find_map(|attribute| {
            let mut is_lint = false;
            let mut note = None;
            attribute
                .parse_nested_meta(|meta| {
                    if meta.path.is_ident("feature") {
                        let feature: syn::LitStr = meta.value()?.parse()?;
                        is_lint = feature.value() == "migration-lints";
                    } else if meta.path.is_ident("deprecated") {
                        meta.parse_nested_meta(|inner| {
                            let value: syn::LitStr = inner.value()?.parse()?;
                            if inner.path.is_ident("note") {
                                note = Some(value.value());
                            }
                            Ok(())
                        })?;
                    }
                    Ok(())
                })
                .ok()?;
            note.filter(|note| is_lint && !note.trim().is_empty())
        })
}

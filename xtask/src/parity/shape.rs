//! The shape of a signature, in a form in which an async function equals its sync twin.
//!
//! On the async side `async fn` and `impl Future` become what they give, `Stream` becomes `Iterator` and `AsyncFn` becomes `Fn`.
//! On both sides paths keep their last segment, `Self` becomes the name of the type, a bounded generic parameter becomes the `impl`
//! it stands for, lifetimes are left out, and so are the bounds `Send`, `Sync`, `Unpin` and `'static` of an `impl`.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    FnArg, GenericArgument, GenericParam, Generics, Pat, PathArguments, ReturnType, Signature,
    Token, Type, TypeParamBound, WherePredicate,
};

use super::names::Side;

/// What matters of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Has to be awaited.
    pub is_async: bool,
    /// `self`, `&self`, `&mut self`; `None` for what is called without a value.
    pub receiver: Option<String>,
    /// Names and types.
    pub arguments: Vec<(String, String)>,
    /// What it gives; `()` for nothing.
    pub output: String,
}

/// Where a signature stands.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The crate.
    pub side: Side,
    /// The type that `Self` is; empty for a free function.
    pub owner: &'a str,
    /// The generics of the `impl`.
    pub generics: &'a Generics,
    /// Async names of types whose sync twins have another name.
    pub renamed: &'a BTreeMap<String, String>,
}

impl Shape {
    /// The shape of `signature`.
    pub fn new(signature: &Signature, setting: Setting) -> Shape {
        let mut normal = Normal {
            setting,
            bounds: HashMap::new(),
        };
        normal.take_bounds(setting.generics);
        normal.take_bounds(&signature.generics);
        let (mut receiver, mut arguments) = (None, Vec::new());
        for argument in &signature.inputs {
            match argument {
                FnArg::Receiver(it) => {
                    receiver = Some(match (&it.colon_token, &it.reference, &it.mutability) {
                        (Some(_), ..) => format!("self: {}", normal.text(&it.ty)),
                        (None, Some(_), Some(_)) => "&mut self".to_owned(),
                        (None, Some(_), None) => "&self".to_owned(),
                        (None, None, _) => "self".to_owned(),
                    });
                }
                FnArg::Typed(it) => {
                    let name = match &*it.pat {
                        Pat::Ident(name) => name.ident.to_string(),
                        pattern => plain(pattern.to_token_stream()),
                    };
                    arguments.push((name, normal.text(&it.ty)));
                }
            }
        }
        let (output, gives_future) = match &signature.output {
            ReturnType::Default => ("()".to_owned(), false),
            ReturnType::Type(_, ty) => (normal.text(ty), awaited(ty).is_some()),
        };
        Shape {
            is_async: signature.asyncness.is_some() || gives_future,
            receiver,
            arguments,
            output,
        }
    }

    /// What a caller of `self` (async) has to change for `sync`, apart from `.await`.
    pub fn differences(&self, sync: &Shape) -> Vec<String> {
        let mut found = Vec::new();
        if sync.is_async {
            found.push("the sync one has to be awaited".to_owned());
        }
        let word = |receiver: &Option<String>| match receiver {
            Some(receiver) => format!("`{receiver}`"),
            None => "no `self`".to_owned(),
        };
        if self.receiver != sync.receiver {
            let (left, right) = (word(&self.receiver), word(&sync.receiver));
            found.push(format!("takes {left} in async, {right} in sync"));
        }
        let count = |shape: &Shape| crate::report::count(shape.arguments.len(), "argument");
        if self.arguments.len() != sync.arguments.len() {
            let (left, right) = (count(self), count(sync));
            found.push(format!("takes {left} in async, {right} in sync"));
        }
        let pairs = self.arguments.iter().zip(&sync.arguments).enumerate();
        for (position, (left, right)) in pairs {
            if left.0 != right.0 {
                let number = position + 1;
                let (left, right) = (&left.0, &right.0);
                found.push(format!(
                    "argument {number} is `{left}` in async, `{right}` in sync"
                ));
            } else if left.1 != right.1 {
                let (name, left, right) = (&left.0, &left.1, &right.1);
                found.push(format!(
                    "argument `{name}` is a `{left}` in async, a `{right}` in sync"
                ));
            }
        }
        if self.output != sync.output {
            let (left, right) = (&self.output, &sync.output);
            found.push(format!("gives `{left}` in async, `{right}` in sync"));
        }
        found
    }

    /// As a call, for tables: `async head(n)`.
    pub fn call(&self, name: &str) -> String {
        let words: Vec<&str> = self.arguments.iter().map(|(name, _)| &**name).collect();
        let prefix = if self.is_async { "async " } else { "" };
        format!("{prefix}{name}({})", words.join(", "))
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arguments = self
            .arguments
            .iter()
            .map(|(name, ty)| format!("{name}: {ty}"));
        let words: Vec<String> = self.receiver.iter().cloned().chain(arguments).collect();
        write!(
            out,
            "{}fn({}) -> {}",
            if self.is_async { "async " } else { "" },
            words.join(", "),
            self.output
        )
    }
}

struct Normal<'a> {
    setting: Setting<'a>,
    /// Generic parameters, and what they have to be.
    bounds: HashMap<String, Punctuated<TypeParamBound, Token![+]>>,
}

impl Normal<'_> {
    fn take_bounds(&mut self, generics: &Generics) {
        for parameter in &generics.params {
            if let GenericParam::Type(parameter) = parameter {
                self.add_bounds(parameter.ident.to_string(), &parameter.bounds);
            }
        }
        for predicate in generics.where_clause.iter().flat_map(|it| &it.predicates) {
            if let WherePredicate::Type(predicate) = predicate
                && let Some(name) = only_word(&predicate.bounded_ty)
            {
                self.add_bounds(name, &predicate.bounds);
            }
        }
    }

    fn add_bounds(&mut self, name: String, bounds: &Punctuated<TypeParamBound, Token![+]>) {
        let telling: Vec<_> = bounds.iter().filter(|it| !is_marker(it)).cloned().collect();
        if !telling.is_empty() {
            self.bounds.entry(name).or_default().extend(telling);
        }
    }

    fn text(&mut self, ty: &Type) -> String {
        let mut ty = ty.clone();
        self.visit_type_mut(&mut ty);
        plain(ty.to_token_stream())
    }
}

impl VisitMut for Normal<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Some(name) = only_word(ty)
            && let Some(bounds) = self.bounds.remove(&name)
        {
            // Out of the map meanwhile: `T: PartialOrd<T>`.
            *ty = Type::ImplTrait(syn::TypeImplTrait {
                impl_token: Default::default(),
                bounds: bounds.clone(),
            });
            self.visit_type_mut(ty);
            self.bounds.insert(name, bounds);
            return;
        }
        match ty {
            Type::Paren(inner) => *ty = (*inner.elem).clone(),
            Type::Group(inner) => *ty = (*inner.elem).clone(),
            _ => {}
        }
        if self.setting.side == Side::Async
            && let Some(inner) = awaited(ty).or_else(|| unpinned_stream(ty))
        {
            *ty = inner;
            return self.visit_type_mut(ty);
        }
        visit_mut::visit_type_mut(self, ty);
        if let Type::ImplTrait(it) = ty {
            let mut bounds: Vec<_> = it.bounds.iter().filter(|it| !is_marker(it)).collect();
            bounds.sort_by_key(|bound| bound.to_token_stream().to_string());
            it.bounds = bounds.into_iter().cloned().collect();
        }
        if let Type::TraitObject(it) = ty {
            let bounds = it
                .bounds
                .iter()
                .filter(|it| !matches!(it, TypeParamBound::Lifetime(_)));
            it.bounds = bounds.cloned().collect();
        }
    }

    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        reference.lifetime = None;
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_type_path_mut(&mut self, path: &mut syn::TypePath) {
        // `<T as Trait>::Item` says where its segments belong.
        if path.qself.is_none() {
            self.visit_path_mut(&mut path.path);
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        path.leading_colon = None;
        if let Some(last) = path.segments.pop() {
            path.segments = [last.into_value()].into_iter().collect();
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_path_segment_mut(&mut self, segment: &mut syn::PathSegment) {
        let name = segment.ident.to_string();
        let is_async = self.setting.side == Side::Async;
        let new = match name.as_str() {
            "Self" if !self.setting.owner.is_empty() => Some(self.setting.owner),
            "Stream" if is_async => Some("Iterator"),
            "AsyncFn" if is_async => Some("Fn"),
            "AsyncFnMut" if is_async => Some("FnMut"),
            "AsyncFnOnce" if is_async => Some("FnOnce"),
            _ => None,
        };
        let renamed = self.setting.renamed.get(new.unwrap_or(&name));
        let renamed = renamed.map(String::as_str).filter(|_| is_async).or(new);
        if let Some(new) = renamed {
            segment.ident = syn::Ident::new(new, segment.ident.span());
        }
        if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
            let kept = arguments
                .args
                .iter()
                .filter(|it| !matches!(it, GenericArgument::Lifetime(_)));
            arguments.args = kept.cloned().collect();
            if arguments.args.is_empty() {
                segment.arguments = PathArguments::None;
            }
        }
        visit_mut::visit_path_segment_mut(self, segment);
    }
}

/// Says where a value may go, not what it is.
fn is_marker(bound: &TypeParamBound) -> bool {
    match bound {
        TypeParamBound::Lifetime(_) => true,
        TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| {
            let is_optional = matches!(bound.modifier, syn::TraitBoundModifier::Maybe(_));
            !is_optional && (last.ident == "Send" || last.ident == "Sync" || last.ident == "Unpin")
        }),
        _ => false,
    }
}

/// The one identifier that a type is.
fn only_word(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) if path.qself.is_none() => path.path.get_ident().map(ToString::to_string),
        _ => None,
    }
}

/// The first type in the angle brackets of a path that ends in `name`.
fn argument_of<'a>(ty: &'a Type, names: &[&str]) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    names
        .iter()
        .any(|name| last.ident == name)
        .then(|| {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
        })
        .flatten()
}

/// What a future gives: `impl Future<Output = T>`, `Pin<Box<dyn Future<Output = T>>>`, `BoxFuture<T>`.
fn awaited(ty: &Type) -> Option<Type> {
    if let Some(inner) = argument_of(ty, &["BoxFuture", "LocalBoxFuture"]) {
        return Some(inner.clone());
    }
    if let Some(boxed) = argument_of(ty, &["Pin"]) {
        return awaited(argument_of(boxed, &["Box"])?);
    }
    let bounds = match ty {
        Type::ImplTrait(it) => &it.bounds,
        Type::TraitObject(it) => &it.bounds,
        _ => return None,
    };
    bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else {
            return None;
        };
        let last = bound.path.segments.last()?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else {
            return None;
        };
        (last.ident == "Future").then_some(())?;
        arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(it) if it.ident == "Output" => Some(it.ty.clone()),
            _ => None,
        })
    })
}

/// `Pin<Box<dyn Stream>>` and `BoxStream`, as the box that an iterator is in.
fn unpinned_stream(ty: &Type) -> Option<Type> {
    if let Some(item) = argument_of(ty, &["BoxStream"]) {
        return Some(syn::parse_quote!(Box<dyn Stream<Item = #item> + Send>));
    }
    let boxed = argument_of(ty, &["Pin"])?;
    match argument_of(boxed, &["Box"])? {
        Type::TraitObject(_) => Some(boxed.clone()),
        _ => None,
    }
}

/// Tokens with the blanks that people write.
fn plain(tokens: TokenStream) -> String {
    let mut text = tokens.to_string();
    for (wide, narrow) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        (",)", ")"),
        (" ;", ";"),
        ("& ", "&"),
        ("Fn (", "Fn("),
        ("FnMut (", "FnMut("),
        ("FnOnce (", "FnOnce("),
        ("? ", "?"),
    ] {
        text = text.replace(wide, narrow);
    }
    text
}

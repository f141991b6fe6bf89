//! The modules of a crate, as its files declare them.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use syn::{Attribute, Item, Visibility};

use crate::gate::paths;

/// One module, with everything written in it.
pub struct Module {
    /// Names from the root of the crate; empty for the root.
    pub path: Vec<String>,
    /// The file, as reports name it.
    pub file: String,
    /// The index of the module around it; the root is its own parent.
    pub parent: usize,
    /// Is it declared `pub`? The root is.
    pub is_public: bool,
    /// Its items, without those of tests.
    pub items: Vec<Item>,
    /// Its child modules: name and index.
    pub children: Vec<(String, usize)>,
}

/// All modules of one crate; the first is its root.
pub type Modules = Vec<Module>;

/// Reads `src/lib.rs` of the crate in `folder`, and the files of the modules it declares.
///
/// # Errors
/// A file is missing, or is not Rust.
pub fn read(folder: &Path, cwd: &Path) -> anyhow::Result<Modules> {
    let root = folder.join("src/lib.rs");
    if !root.is_file() {
        let name = paths::relative_name(folder, cwd);
        bail!("{name} holds no library: expected a file src/lib.rs in it");
    }
    let mut modules = Modules::new();
    let items = parse(&root, cwd)?.items;
    let place = Place {
        file: root,
        folder: folder.join("src"),
        cwd,
    };
    add(&mut modules, &place, Vec::new(), (0, true), items)?;
    Ok(modules)
}

/// Reads one file of Rust.
///
/// # Errors
/// It cannot be read, or is not Rust; the message has the line.
pub fn parse(file: &Path, cwd: &Path) -> anyhow::Result<syn::File> {
    let name = paths::relative_name(file, cwd);
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
    syn::parse_file(&text).map_err(|error| {
        let start = error.span().start();
        anyhow::anyhow!("{name}:{}:{}: {error}", start.line, start.column + 1)
    })
}

struct Place<'a> {
    file: PathBuf,
    /// Where the files of child modules are.
    folder: PathBuf,
    cwd: &'a Path,
}

fn add(
    modules: &mut Modules,
    place: &Place,
    path: Vec<String>,
    (parent, is_public): (usize, bool),
    mut items: Vec<Item>,
) -> anyhow::Result<usize> {
    items.retain(|item| !is_test(attributes(item)));
    let mut declared = Vec::new();
    for item in &mut items {
        let Item::Mod(module) = item else { continue };
        let name = module.ident.to_string();
        let folder = place.folder.join(&name);
        let (child, content) = match module.content.take() {
            Some((_, content)) => (place.inside(place.file.clone(), folder), content),
            None => {
                let shown = paths::relative_name(&place.file, place.cwd);
                if module.attrs.iter().any(|it| it.path().is_ident("path")) {
                    bail!("{shown}: module `{name}` has a #[path], which is not followed");
                }
                let flat = folder.with_extension("rs");
                let file = if flat.is_file() {
                    flat
                } else {
                    folder.join("mod.rs")
                };
                let content = parse(&file, place.cwd)
                    .with_context(|| format!("module `{name}` of {shown}"))?
                    .items;
                (place.inside(file, folder), content)
            }
        };
        declared.push((name, self::is_public(&module.vis), child, content));
    }
    let index = modules.len();
    modules.push(Module {
        path: path.clone(),
        file: paths::relative_name(&place.file, place.cwd),
        parent,
        is_public,
        items,
        children: Vec::new(),
    });
    for (name, is_public, place, content) in declared {
        let mut path = path.clone();
        path.push(name.clone());
        let child = add(modules, &place, path, (index, is_public), content)?;
        modules[index].children.push((name, child));
    }
    Ok(index)
}

impl Place<'_> {
    fn inside(&self, file: PathBuf, folder: PathBuf) -> Self {
        Place {
            file,
            folder,
            cwd: self.cwd,
        }
    }
}

/// Is it visible wherever its module is?
pub fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// `#[doc(hidden)]`: public for the sake of the language only.
pub fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("doc")
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|word| word == "hidden")
    })
}

/// `#[cfg(test)]`.
pub fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|word| word == "test")
    })
}

/// The attributes of an item.
pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// What an item declares: its name, and whether it is public. `None` for `use`, `impl` and macros.
pub fn declares(item: &Item) -> Option<(&syn::Ident, &Visibility)> {
    Some(match item {
        Item::Const(item) => (&item.ident, &item.vis),
        Item::Enum(item) => (&item.ident, &item.vis),
        Item::Fn(item) => (&item.sig.ident, &item.vis),
        Item::Mod(item) => (&item.ident, &item.vis),
        Item::Static(item) => (&item.ident, &item.vis),
        Item::Struct(item) => (&item.ident, &item.vis),
        Item::Trait(item) => (&item.ident, &item.vis),
        Item::Type(item) => (&item.ident, &item.vis),
        Item::Union(item) => (&item.ident, &item.vis),
        _ => return None,
    })
}

/// One path may name a type, a function and a module at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A type or trait.
    Type,
    /// A function.
    Function,
    /// A constant or static.
    Constant,
}

/// What an item's name is the name of.
pub fn kind(item: &Item) -> NameKind {
    match item {
        Item::Fn(_) => NameKind::Function,
        Item::Const(_) | Item::Static(_) => NameKind::Constant,
        _ => NameKind::Type,
    }
}

//! What tests put in the place of the project's own: `monkeypatch.setattr`, `mock.patch`, and mocks.
//!
//! A mock is a path outside of the project that tells where it was made, `unittest.mock.<3:40:51>`, followed by the attributes
//! that were read of it.

use super::call::Value;
use super::eval::Eval;
use super::record::Made;
use super::solve::Slot;
use super::value::{ModuleId, Set, Val};
use crate::ir::{ExprKind, Name, Span};

const MADE: &str = "unittest.mock.<";
/// Longer chains of attributes are of no interest; it bounds the values that can arise.
const MAX_CHAIN: usize = 4;

/// Is it a mock, or something that was read of one?
pub(super) fn is_mock(path: &str) -> bool {
    path.starts_with(MADE)
}

/// Where a mock was made, and the attributes that were read of it.
fn parse(path: &str) -> Option<(Made, &str)> {
    let (place, chain) = path.strip_prefix(MADE)?.split_once('>')?;
    let mut parts = place.split(':').map(str::parse::<u32>);
    let mut next = || parts.next()?.ok();
    let (module, start, end): (ModuleId, u32, u32) = (next()?, next()?, next()?);
    let made = Made {
        module,
        span: Span { start, end },
    };
    Some((made, chain.trim_start_matches('.')))
}

impl Eval<'_, '_> {
    /// `MagicMock()`: its keyword arguments are its attributes.
    pub(super) fn make_mock(&mut self, values: &[Value<'_>]) -> Set {
        let Some(site) = self.site else {
            return Set::unknown();
        };
        let path = format!(
            "{MADE}{}:{}:{}>",
            self.module, site.whole.start, site.whole.end
        );
        for value in values {
            if let Some(name) = &value.name {
                self.set_on_mock(&path, name, &value.set);
            }
        }
        Set::of(Val::Ext(path.into()))
    }

    /// An attribute of a mock: what was put there, or a mock again.
    pub(super) fn mock_member(&mut self, path: &Name, name: &str) -> Set {
        if path.matches('.').count() > MAX_CHAIN + 1 {
            return Set::of(Val::Other);
        }
        let path: Name = format!("{path}.{name}").into();
        let put = self.solver.read(Slot::Soft(path.clone()));
        if put.is_empty() {
            Set::of(Val::Ext(path))
        } else {
            put
        }
    }

    /// Puts something on a mock.
    pub(super) fn set_on_mock(&mut self, path: &str, name: &str, value: &Set) {
        let value = value.filtered(|value| !matches!(value, Val::None));
        self.solver
            .write(Slot::Soft(format!("{path}.{name}").into()), &value);
    }

    /// A mock is called: it may be that the place awaits what it gives.
    pub(super) fn call_mock(&mut self, path: &Name) -> Set {
        if let (Some(site), Some((made, chain))) = (self.site, parse(path))
            && let Some(record) = self.solver.record_of(self.module)
        {
            let mocks = record.mocks.entry(site.whole).or_default();
            mocks.insert((made, chain.to_owned()));
        }
        self.mock_member(path, "return_value")
    }

    /// `setattr(owner, "name", value)` of pytest's monkeypatch, `patch.object(owner, "name", value)`, `patch("a.b.name", value)`.
    /// Without a value, mock makes one.
    pub(super) fn replace(&mut self, values: &[Value<'_>], makes: bool) -> Set {
        let text = |at: usize| match values.get(at)?.expr.map(|expr| &expr.kind) {
            Some(ExprKind::Str(text)) => Some(text.clone()),
            _ => None,
        };
        let (owner, name, rest) = match (text(0), text(1)) {
            (Some(path), _) => {
                let Some((owner, name)) = path.rsplit_once('.') else {
                    return Set::unknown();
                };
                (self.imported_path(owner), Name::from(name), 1)
            }
            (None, Some(name)) => (values[0].set.clone(), name, 2),
            _ => return Set::unknown(),
        };
        let given = values.iter().enumerate().find(|(at, value)| {
            *at == rest && value.name.is_none()
                || matches!(value.name.as_deref(), Some("new" | "value"))
        });
        let value = match given {
            Some((_, value)) => value.set.clone(),
            None if makes => self.make_mock(&values[values.len().min(rest)..]),
            None => return Set::unknown(),
        };
        for (own, _) in owner.iter() {
            match own {
                Val::Class(class) => {
                    let bound = value.flat_map(|value| match value {
                        Val::Function(function) => Set::of(Val::Method(*function, *class)),
                        other => Set::of(other.clone()),
                    });
                    self.solver.write(Slot::Attr(*class, name.clone()), &bound);
                }
                Val::Instance(class) => {
                    let bound = unbound(&value);
                    self.solver.write(Slot::Attr(*class, name.clone()), &bound);
                }
                Val::Module(module) => self
                    .solver
                    .write(Slot::Global(*module, name.clone()), &value),
                Val::Ext(path) if is_mock(path) => self.set_on_mock(path, &name, &value),
                Val::Api(ty, _) if *ty != self.solver.rules.async_type() => {
                    let why = format!(
                        "the test puts a `{name}` of its own on an object of the old client"
                    );
                    if let Some(site) = self.site {
                        self.note_insides(site.whole, why);
                    }
                }
                _ => {}
            }
        }
        value
    }

    /// What a dotted path names: the longest part of it that is a module, and members of that.
    fn imported_path(&mut self, path: &str) -> Set {
        let parts: Vec<&str> = path.split('.').collect();
        for taken in (1..=parts.len()).rev() {
            let dotted = parts[..taken].join(".");
            if let Some(module) = self.solver.project.resolve(self.module, 0, &dotted) {
                let mut value = Set::of(Val::Module(module));
                for part in &parts[taken..] {
                    let name: Name = (*part).into();
                    value = value.flat_map(|value| self.value_member(value, &name));
                }
                return value;
            }
        }
        Set::empty()
    }
}

/// A function that is put on an instance is called without the instance.
pub(super) fn unbound(value: &Set) -> Set {
    value.flat_map(|value| match value {
        Val::Function(_) => Set::of(Val::Partial(Box::new(Set::of(value.clone())))),
        other => Set::of(other.clone()),
    })
}

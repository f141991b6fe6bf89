//! Type annotations.

use super::eval::Eval;
use super::record::TypeSite;
use super::value::{Set, Val};
use crate::ir::{Expr, ExprKind, Name};
use crate::rules::TypeId;

impl Eval<'_, '_> {
    /// What a variable with this annotation holds. `Unknown` among the answers: the annotation does not tell.
    pub(super) fn annotation(&mut self, expr: &Expr) -> Set {
        match &expr.kind {
            ExprKind::Name(_) | ExprKind::Attr { .. } => {
                let recording = self.solver.recording.take();
                let value = self.expr(expr);
                self.solver.recording = recording;
                self.instances(&value, expr)
            }
            ExprKind::None => Set::of(Val::None),
            ExprKind::Binary(left, right) => self.annotation(left).or(&self.annotation(right)),
            ExprKind::Index { value, index } => self.generic(value, index),
            ExprKind::Str(_) => Set::other(),
            ExprKind::Tuple(parts) => Set::union(
                parts
                    .iter()
                    .map(|part| self.annotation(part))
                    .collect::<Vec<_>>(),
            ),
            _ => Set::unknown(),
        }
    }

    fn instances(&mut self, classes: &Set, expr: &Expr) -> Set {
        if classes.is_empty() {
            return Set::unknown();
        }
        let mut seen = Vec::new();
        let result = classes.flat_map(|value| match value {
            Val::Class(class) => Set::of(Val::Instance(*class)),
            Val::Ext(path) => match self.solver.rules.class(path) {
                Some(ty) => {
                    seen.push((ty, path.clone()));
                    Set::of(Val::Api(ty, 0))
                }
                None => plain_type(path),
            },
            // A type alias or a NewType.
            Val::Api(..) | Val::Instance(_) | Val::Seq(_) | Val::Map(_) | Val::Tuple(_) => {
                Set::of(value.clone())
            }
            Val::None | Val::Pending(_) => Set::of(value.clone()),
            _ => Set::unknown(),
        });
        self.note_types(expr, seen);
        result
    }

    /// A class of the client as a value: `make_pass_decorator(DBConnection)`, `type(t) is LanceTable`, `Table = LanceTable`.
    pub(super) fn class_as_value(&mut self, expr: &Expr, value: &Set) {
        if self.solver.recording.is_none()
            || !matches!(expr.kind, ExprKind::Name(_) | ExprKind::Attr { .. })
        {
            return;
        }
        let seen = value
            .iter()
            .filter_map(|(value, _)| match value {
                Val::Ext(path) => Some((self.solver.rules.class(path)?, path.clone())),
                _ => None,
            })
            .collect();
        self.note_types(expr, seen);
    }

    fn note_types(&mut self, expr: &Expr, seen: Vec<(TypeId, Name)>) {
        let span = match &expr.kind {
            ExprKind::Attr { name_span, .. } => *name_span,
            _ => expr.span,
        };
        if let Some(record) = self.solver.record_of(self.module) {
            record.types.extend(
                seen.into_iter()
                    .map(|(ty, class)| TypeSite { span, ty, class }),
            );
        }
    }

    pub(super) fn generic(&mut self, base: &Expr, index: &Expr) -> Set {
        let name = match &base.kind {
            ExprKind::Name(name) | ExprKind::Attr { name, .. } => &**name,
            _ => return Set::unknown(),
        };
        let parts: &[Expr] = match &index.kind {
            ExprKind::Tuple(parts) => parts,
            _ => std::slice::from_ref(index),
        };
        let boxed = |set: Set| Box::new(set);
        match name {
            "Optional" => self.annotation(index).or(&Set::of(Val::None)),
            "Union" => Set::union(
                parts
                    .iter()
                    .map(|part| self.annotation(part))
                    .collect::<Vec<_>>(),
            ),
            "Annotated" => {
                let declared = parts
                    .first()
                    .map(|part| self.annotation(part))
                    .unwrap_or_default();
                // `Annotated[Any, Depends(get_db)]`
                let given = Set::union(
                    parts
                        .iter()
                        .skip(1)
                        .map(|part| self.expr(part))
                        .collect::<Vec<_>>(),
                );
                if declared.any(|value| matches!(value, Val::Unknown)) {
                    return given.or(&declared);
                }
                // What a test puts there instead.
                declared.or(&given.filtered(|value| matches!(value, Val::Instance(_))))
            }
            "Final" | "ClassVar" | "Required" | "NotRequired" | "Mapped" | "SkipValidation"
            | "InstanceOf" | "Self" => self.annotation(index),
            "List"
            | "list"
            | "Set"
            | "set"
            | "FrozenSet"
            | "frozenset"
            | "Sequence"
            | "MutableSequence"
            | "Iterable"
            | "Iterator"
            | "Generator"
            | "AsyncIterator"
            | "AsyncIterable"
            | "AsyncGenerator"
            | "Collection"
            | "Deque"
            | "deque"
            | "ContextManager"
            | "AbstractContextManager"
            | "AsyncContextManager"
            | "AbstractAsyncContextManager" => {
                let element = parts
                    .first()
                    .map(|part| self.annotation(part))
                    .unwrap_or_default();
                Set::of(Val::Seq(boxed(element)))
            }
            "Dict" | "dict" | "Mapping" | "MutableMapping" | "DefaultDict" | "defaultdict"
            | "OrderedDict" => {
                let value = parts
                    .get(1)
                    .map(|part| self.annotation(part))
                    .unwrap_or_default();
                Set::of(Val::Map(boxed(value)))
            }
            "Tuple" | "tuple" => {
                let ellipsis = parts.last().is_some_and(
                    |last| matches!(&last.kind, ExprKind::Other(inner) if inner.is_empty()),
                );
                let sets: Vec<Set> = parts.iter().map(|part| self.annotation(part)).collect();
                match (ellipsis, sets.into_iter()) {
                    (true, mut sets) => Set::of(Val::Seq(boxed(sets.next().unwrap_or_default()))),
                    (false, sets) => Set::of(Val::Tuple(sets.collect())),
                }
            }
            "Awaitable" | "Coroutine" | "Future" | "Task" => {
                let result = parts
                    .last()
                    .map(|part| self.annotation(part))
                    .unwrap_or_default();
                Set::of(Val::Future(boxed(result)))
            }
            "Callable" => {
                let result = parts
                    .last()
                    .map(|part| self.annotation(part))
                    .unwrap_or_default();
                Set::of(Val::Returning(boxed(result)))
            }
            "Type" | "type" => self.expr(index),
            "Literal" => Set::of(Val::Str),
            _ => self.annotation(base),
        }
    }
}

/// A class from outside of the project, as an annotation: plain data, or nobody knows.
fn plain_type(path: &str) -> Set {
    let root = path.split('.').next().unwrap_or(path);
    match path {
        "builtins.str" => Set::of(Val::Str),
        "builtins.list" | "numpy.ndarray" | "numpy.typing.NDArray" => Set::of(Val::Array),
        "builtins.object" => Set::unknown(),
        _ if root == "typing" || root == "typing_extensions" => Set::unknown(),
        // `table: lancedb.table` names a module by mistake and says nothing.
        _ if root == "lancedb" => {
            let last = path.rsplit('.').next().unwrap_or(path);
            if last.starts_with(char::is_uppercase) {
                Set::other()
            } else {
                Set::unknown()
            }
        }
        _ if super::known::is_plain(root) => Set::other(),
        _ => Set::unknown(),
    }
}

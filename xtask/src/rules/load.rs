//! Reads the rule files. They are built into the program, so a mistake in one is a bug that the tests catch.

use include_dir::{Dir, include_dir};
use pep440_rs::Version;

use super::raw::{RawClasses, RawRule, RawSymbol, RawType, RawVariant, RawWaivers};
use super::{
    CaseRule, ExceptionRule, Form, Modern, OLDEST, Rule, RuleSet, Symbol, TypeExpr, TypeId,
    TypeInfo, Variant, Waiver, Witness, cond::Cond, signature::Signature, template::Template,
};
use crate::finding::{Effect, Fix};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../migration-docs/rules");

impl RuleSet {
    /// The rules that are built into the program.
    ///
    /// # Errors
    /// Names the file and what is wrong in it.
    pub fn load() -> anyhow::Result<RuleSet> {
        let mut files: Vec<(&str, &str)> = FILES
            .files()
            .filter_map(|file| Some((file.path().file_name()?.to_str()?, file.contents_utf8()?)))
            .collect();
        files.sort_unstable();
        let mut set = RuleSet::default();
        // The other files name the types.
        files.sort_by_key(|(name, _)| *name != "types.toml");
        for (name, text) in files {
            let result = match name {
                "types.toml" => set.read_types(text),
                "imports.toml" => set.read_imports(text),
                "waivers.toml" => set.read_waivers(text),
                _ if name.ends_with(".md") => set.read_rule(name, text),
                _ => Err("no file that belongs to the rules".to_owned()),
            };
            result.map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
        }
        Ok(set)
    }

    fn read_types(&mut self, text: &str) -> Result<(), String> {
        let raw: std::collections::BTreeMap<String, RawType> =
            toml::from_str(text).map_err(|error| error.to_string())?;
        for (name, ty) in &raw {
            let id = self.types.len() as TypeId;
            let classes: Vec<String> = match &ty.classes {
                RawClasses::Alone(classes) => classes.clone(),
                RawClasses::Replaced(classes) => {
                    self.counterparts.extend(classes.clone());
                    classes.keys().cloned().collect()
                }
            };
            for class in &classes {
                self.classes.insert(class.clone(), id);
            }
            self.async_functions.extend(ty.functions.iter().cloned());
            if name == "Async" {
                self.async_type = id;
            }
            self.types.push(TypeInfo {
                name: name.clone(),
                parent: None,
                classes,
                counterpart: ty.r#async.clone(),
            });
        }
        for (name, ty) in &raw {
            if let (Some(id), Some(parent)) = (self.type_named(name), &ty.is) {
                self.types[id as usize].parent = Some(
                    self.type_named(parent)
                        .ok_or(format!("no type `{parent}`"))?,
                );
            }
        }
        Ok(())
    }

    fn read_imports(&mut self, text: &str) -> Result<(), String> {
        self.imports = toml::from_str(text).map_err(|error| error.to_string())?;
        Ok(())
    }

    fn read_rule(&mut self, file: &str, text: &str) -> Result<(), String> {
        let rest = text
            .strip_prefix("+++\n")
            .ok_or("front matter between `+++` lines is missing")?;
        let (front, body) = rest
            .split_once("\n+++\n")
            .ok_or("front matter is not closed by `+++`")?;
        let raw: RawRule = toml::from_str(front).map_err(|error| error.to_string())?;
        if file != format!("{}-{}.md", raw.id, raw.name) {
            return Err(format!(
                "the file should be named {}-{}.md",
                raw.id, raw.name
            ));
        }
        let index = self.rules.len();
        let fix = Fix {
            safety: raw.fix,
            reason: raw.fix_reason,
        };
        for symbol in raw.symbol {
            let old = symbol.old.clone();
            self.read_symbol(symbol, index, &fix)
                .map_err(|error| format!("{old}: {error}"))?;
        }
        for exception in raw.exception {
            self.exceptions.push(ExceptionRule {
                rule: index,
                during: exception.during,
                situation: exception.situation,
                legacy: exception.legacy,
                new: exception.r#async,
                id: exception
                    .gotcha
                    .or(exception.row)
                    .unwrap_or_else(|| raw.id.clone()),
                changed_in: version(exception.changed_in.as_deref())?,
            });
        }
        self.rules.push(Rule {
            id: raw.id,
            name: raw.name,
            title: raw.title,
            kind: raw.kind,
            area: raw.area,
            rows: raw.rows,
            gotchas: raw.gotchas,
            witness: witness(raw.witness.as_deref()),
            body: body.trim().to_owned(),
        });
        Ok(())
    }

    fn read_symbol(&mut self, raw: RawSymbol, rule: usize, rule_fix: &Fix) -> Result<(), String> {
        let variants = raw
            .variant
            .into_iter()
            .map(|variant| self.read_variant(variant, rule_fix))
            .collect::<Result<Vec<_>, String>>()?;
        let cases = raw
            .case
            .into_iter()
            .map(|case| {
                Ok(CaseRule {
                    id: case.id,
                    effect: case.effect,
                    when: condition(&case.when)?,
                    title: case.title,
                    legacy: case.legacy,
                    new: case.r#async,
                    changed_in: version(case.changed_in.as_deref())?,
                })
            })
            .collect::<Result<Vec<_>, String>>()?;
        let symbol = Symbol {
            old: raw.old,
            rule: Some(rule),
            form: raw.form,
            signature: Signature::parse(&raw.params),
            new: raw.new,
            since: version(raw.since.as_deref())?,
            returns: self.type_expr(&raw.returns)?,
            variants,
            cases,
        };
        self.add_symbol(symbol)
    }

    fn read_variant(&self, raw: RawVariant, rule_fix: &Fix) -> Result<Variant, String> {
        let template = |text: Option<&str>| text.map(Template::parse).transpose();
        let replace = template(raw.replace.as_deref())?;
        let modern = match (template(raw.modern.as_deref())?, raw.modern_note) {
            (None, None) => None,
            (Some(_), Some(_)) if replace.is_none() => {
                return Err("`modern` stands next to a `replace`".to_owned());
            }
            (Some(template), Some(note)) => Some(Modern { template, note }),
            (Some(_), None) => return Err("`modern` without a `modern_note`".to_owned()),
            (None, Some(_)) => return Err("`modern_note` without `modern`".to_owned()),
        };
        Ok(Variant {
            when: condition(&raw.when)?,
            finding: raw.finding,
            message: raw.message,
            replace,
            modern,
            fix: Fix {
                safety: raw.fix.unwrap_or(rule_fix.safety),
                reason: raw.fix_reason.unwrap_or_else(|| rule_fix.reason.clone()),
            },
            effect: raw.effect.unwrap_or(Effect::Breaks),
            returns: raw
                .returns
                .as_deref()
                .map(|text| self.type_expr(text))
                .transpose()?,
            changed_in: version(raw.changed_in.as_deref())?,
        })
    }

    fn read_waivers(&mut self, text: &str) -> Result<(), String> {
        let raw: RawWaivers = toml::from_str(text).map_err(|error| error.to_string())?;
        for unchanged in raw.unchanged {
            for old in unchanged.symbols {
                let symbol = Symbol {
                    old,
                    rule: None,
                    form: unchanged.form,
                    signature: Signature::parse(&unchanged.params),
                    new: None,
                    since: None,
                    returns: self.type_expr(&unchanged.returns)?,
                    variants: Vec::new(),
                    cases: Vec::new(),
                };
                self.add_symbol(symbol)?;
            }
        }
        self.waived_names
            .extend(raw.surface.into_iter().map(|raw| Waiver {
                names: raw.names,
                reason: raw.reason,
            }));
        self.waived_facts
            .extend(raw.fact.into_iter().map(|raw| Waiver {
                names: raw.ids,
                reason: raw.reason,
            }));
        Ok(())
    }

    fn add_symbol(&mut self, symbol: Symbol) -> Result<(), String> {
        let id = self.symbols.len() as super::SymbolId;
        let owner = symbol
            .old
            .rsplit_once('.')
            .and_then(|(owner, _)| self.type_named(owner));
        let is_member = matches!(symbol.form, Form::Method | Form::Property | Form::Operator);
        let taken = match owner {
            Some(ty) if is_member => self.members.insert((ty, symbol.member().to_owned()), id),
            _ => self.paths.insert(symbol.old.clone(), id),
        };
        if taken.is_some() {
            return Err(format!("`{}` is declared twice", symbol.old));
        }
        self.symbols.push(symbol);
        Ok(())
    }

    fn type_expr(&self, text: &str) -> Result<TypeExpr, String> {
        Ok(match text {
            "self" => TypeExpr::SelfType,
            "str" => TypeExpr::Str,
            "int" => TypeExpr::Int,
            "other" => TypeExpr::Other,
            "none" => TypeExpr::None,
            _ => {
                let inner = ["list[", "iter["]
                    .iter()
                    .find_map(|prefix| text.strip_prefix(prefix)?.strip_suffix(']'));
                match inner {
                    Some(inner) => TypeExpr::List(Box::new(self.type_expr(inner)?)),
                    None => {
                        TypeExpr::Api(self.type_named(text).ok_or(format!("no type `{text}`"))?)
                    }
                }
            }
        })
    }
}

/// `0.40.0`, or `none: why not`.
fn witness(text: Option<&str>) -> Witness {
    match text.and_then(|text| text.strip_prefix("none: ")) {
        Some(reason) => Witness::Nowhere(reason.to_owned()),
        None => Witness::Client(text.unwrap_or(OLDEST).to_owned()),
    }
}

fn condition(text: &str) -> Result<Cond, String> {
    if text.trim().is_empty() {
        Ok(Cond::default())
    } else {
        Cond::parse(text)
    }
}

fn version(text: Option<&str>) -> Result<Option<Version>, String> {
    text.map(|text| {
        text.parse()
            .map_err(|error| format!("version `{text}`: {error}"))
    })
    .transpose()
}

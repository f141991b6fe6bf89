//! The arguments of queries.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor},
};
use serde_json::Value;

use super::{json::Pairs, rows::FieldText};

/// The object that a query vector is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VectorForm {
    /// A list of numbers.
    #[default]
    List,
    /// A numpy array.
    Ndarray,
    /// A tuple.
    Tuple,
    /// An Arrow array.
    Arrow,
}

/// What a query is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// An Arrow table.
    #[default]
    Arrow,
    /// A list of rows.
    List,
    /// A pandas data frame.
    Pandas,
    /// A polars data frame.
    Polars,
    /// Pydantic models.
    Pydantic,
    /// A pandas data frame, by its old name.
    Df,
    /// Record batches as they arrive.
    Batches,
    /// What the engine tantivy gives.
    Tantivy,
    /// The plan.
    Plan,
    /// Not at all: it becomes a handle.
    None,
}

/// Both halves of a hybrid query.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hybrid {
    /// The vector.
    pub vector: Vec<Value>,
    /// The text.
    pub text: String,
}

/// Makes a query and reads it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// One query vector.
    pub vector: Option<Vec<Value>>,
    /// Several.
    pub vectors: Option<Vec<Vec<Value>>>,
    /// A text.
    pub text: Option<String>,
    /// Both halves of a hybrid query.
    pub hybrid: Option<Hybrid>,
    /// The object that the vector is.
    #[serde(default)]
    pub vector_form: VectorForm,
    /// `vector`, `fts`, `hybrid`, …
    pub r#type: Option<String>,
    /// The vector column.
    pub column: Option<String>,
    /// The columns to search for a text.
    pub fts_columns: Option<Value>,
    /// The field that results of a text are ordered by.
    pub ordering_field: Option<String>,
    /// Builder steps.
    #[serde(default)]
    pub build: Vec<Build>,
    /// What it is read as.
    #[serde(default)]
    pub to: Target,
    /// Rows in a batch.
    pub batch_size: Option<Value>,
    /// Levels of structs to flatten.
    pub flatten: Option<Value>,
    /// The fields of the pydantic model.
    pub model: Option<Vec<FieldText>>,
    /// Whether the model forbids other fields.
    #[serde(default)]
    pub strict: bool,
}

impl Query {
    /// Whether the rows have a rank: not those of a scan.
    #[must_use]
    pub fn is_ranked(&self) -> bool {
        self.vector.is_some()
            || self.vectors.is_some()
            || self.text.is_some()
            || self.hybrid.is_some()
    }

    /// The same query with more builder steps, read as `read` says.
    #[must_use]
    pub fn then(&self, read: &Read) -> Self {
        let mut query = self.clone();
        query.build.extend(read.build.iter().cloned());
        query.to = read.to;
        query.batch_size.clone_from(&read.batch_size);
        query.flatten.clone_from(&read.flatten);
        query.model.clone_from(&read.model);
        query.strict = read.strict;
        query
    }
}

/// Reads a query that was made before.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// Further builder steps.
    #[serde(default)]
    pub build: Vec<Build>,
    /// What it is read as.
    #[serde(default)]
    pub to: Target,
    /// Rows in a batch.
    pub batch_size: Option<Value>,
    /// Levels of structs to flatten.
    pub flatten: Option<Value>,
    /// The fields of the pydantic model.
    pub model: Option<Vec<FieldText>>,
    /// Whether the model forbids other fields.
    #[serde(default)]
    pub strict: bool,
}

/// Which columns a query gives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Selection {
    /// By name.
    Columns(Vec<String>),
    /// SQL expressions by name.
    Expressions(Pairs<String>),
    /// Something that no client takes.
    Text(String),
}

/// The column that rows are ordered by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderBy {
    /// The column.
    pub column: String,
    /// The direction.
    pub ascending: bool,
}

/// One step of the builder. Numbers are as they were given: null and negative ones occur.
#[derive(Debug, Clone, PartialEq)]
pub enum Build {
    /// A filter.
    Where {
        /// The predicate; null is none.
        sql: Option<String>,
        /// Before or after the search; `None` was left out.
        prefilter: Option<bool>,
    },
    /// Rows at most.
    Limit(Value),
    /// Rows left out.
    Offset(Value),
    /// Partitions of the index.
    Nprobes(Value),
    /// Candidates.
    RefineFactor(Value),
    /// Columns.
    Select(Selection),
    /// How distances are measured.
    Metric(String),
    /// Whether `_rowid` is given.
    WithRowId(bool),
    /// Another order.
    Rerank {
        /// The reranker.
        reranker: String,
        /// The query it sees.
        query_string: Option<String>,
        /// What is normalised.
        normalize: Option<String>,
        /// Which scores are given.
        return_score: Option<String>,
    },
    /// The words in this order.
    PhraseQuery,
    /// Without the index.
    BypassVectorIndex,
    /// Only what is in the index.
    FastSearch,
    /// Only such distances.
    DistanceRange(Option<f64>, Option<f64>),
    /// Candidates of a graph.
    Ef(Value),
    /// Ordered by a column.
    OrderBy(OrderBy),
}

impl<'de> Deserialize<'de> for Build {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(BuildVisitor)
    }
}

struct BuildVisitor;

impl<'de> Visitor<'de> for BuildVisitor {
    type Value = Build;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a builder step: an object with the key that names it")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Build, A::Error> {
        let (mut step, mut options) = (None, Vec::new());
        while let Some(key) = map.next_key::<String>()? {
            let named = match key.as_str() {
                "where" => Build::Where {
                    sql: map.next_value()?,
                    prefilter: None,
                },
                "limit" => Build::Limit(map.next_value()?),
                "offset" => Build::Offset(map.next_value()?),
                "nprobes" => Build::Nprobes(map.next_value()?),
                "refine_factor" => Build::RefineFactor(map.next_value()?),
                "select" => Build::Select(map.next_value()?),
                "metric" => Build::Metric(map.next_value()?),
                "with_row_id" => Build::WithRowId(map.next_value()?),
                "rerank" => Build::Rerank {
                    reranker: map.next_value()?,
                    query_string: None,
                    normalize: None,
                    return_score: None,
                },
                "phrase_query" => flag(&mut map, Build::PhraseQuery)?,
                "bypass_vector_index" => flag(&mut map, Build::BypassVectorIndex)?,
                "fast_search" => flag(&mut map, Build::FastSearch)?,
                "distance_range" => {
                    let [low, high] = map.next_value()?;
                    Build::DistanceRange(low, high)
                }
                "ef" => Build::Ef(map.next_value()?),
                "order_by" => Build::OrderBy(map.next_value()?),
                _ => {
                    options.push((key, map.next_value()?));
                    continue;
                }
            };
            if step.replace(named).is_some() {
                return Err(de::Error::custom("a builder step has two names"));
            }
        }
        let mut step = step.ok_or_else(|| {
            let keys: Vec<&str> = options
                .iter()
                .map(|(key, _): &(_, Value)| key.as_str())
                .collect();
            de::Error::custom(format!("no builder step has the keys {}", keys.join(", ")))
        })?;
        for (key, value) in options {
            step.set(&key, value).map_err(de::Error::custom)?;
        }
        Ok(step)
    }
}

/// Such a step is given as `true`.
fn flag<'de, A: MapAccess<'de>>(map: &mut A, step: Build) -> Result<Build, A::Error> {
    match map.next_value()? {
        true => Ok(step),
        false => Err(de::Error::custom(
            "such a builder step is there or not: it is true",
        )),
    }
}

impl Build {
    /// Sets an option.
    fn set(&mut self, key: &str, value: Value) -> Result<(), String> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let is_set = match (self, key) {
            (Self::Where { prefilter, .. }, "prefilter") => {
                *prefilter = value.as_bool();
                prefilter.is_some()
            }
            (
                Self::Rerank {
                    query_string: it, ..
                },
                "query_string",
            )
            | (Self::Rerank { normalize: it, .. }, "normalize")
            | (
                Self::Rerank {
                    return_score: it, ..
                },
                "return_score",
            ) => {
                *it = text(&value);
                it.is_some()
            }
            _ => false,
        };
        if is_set {
            Ok(())
        } else {
            Err(format!("a builder step has no option {key}: {value}"))
        }
    }
}

//! What the harness tells of a program.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// One program's answer.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Answer {
    /// The program.
    pub id: String,
    /// What its statements gave, in order.
    pub records: Vec<Record>,
    /// What is in the database in the end, by table.
    pub state: BTreeMap<String, Value>,
    /// Why it did not come to its end.
    pub error: Option<String>,
}

/// What one statement gave.
#[derive(Clone, Debug, Deserialize)]
pub struct Record {
    /// Its first line.
    pub first: u32,
    /// Its last line.
    pub last: u32,
    /// What is assigned.
    pub name: Option<String>,
    /// The value.
    #[serde(default)]
    pub value: Value,
    /// The classes of the exception that it raised, from the own one up.
    #[serde(default)]
    pub raises: Vec<String>,
    /// The exception's text.
    #[serde(default)]
    pub text: String,
}

impl Record {
    /// The class of the exception that was raised.
    pub fn raised(&self) -> Option<&str> {
        self.raises.first().map(String::as_str)
    }

    /// For people, on one line.
    pub fn shown(&self) -> String {
        match self.raised() {
            Some(class) => format!("raises {class}: {}", shortened(&self.text)),
            None => shortened(&self.value.to_string()),
        }
    }
}

/// Two values are the same: whole numbers exactly, other numbers to five digits.
pub fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) if x.is_f64() && y.is_f64() => {
            let (x, y) = (x.as_f64().unwrap_or(0.0), y.as_f64().unwrap_or(0.0));
            (x - y).abs() <= 1e-5 * x.abs().max(y.abs()).max(1.0)
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| is_same(a, b)))
        }
        _ => a == b,
    }
}

/// A text that fits on a line.
pub fn shortened(text: &str) -> String {
    let line = text.replace('\n', " ");
    match line.char_indices().nth(400) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

//! What a recording was made from, so that a stale one is noticed without the client: `FORMAT.md`, section "Recording".

use std::fmt::Write;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The digest of a scenario's data and steps.
pub fn digest(scenario: &Value) -> String {
    let data = scenario.get("data").cloned().unwrap_or_else(|| json!({}));
    let mut text = String::new();
    put(
        &json!({ "data": data, "steps": scenario["steps"] }),
        &mut text,
    );
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().fold(String::new(), |mut hex, byte| {
        // Writing into a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn put(value: &Value, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => {
                let _ = write!(text, "f{:016x}", float.to_bits());
            }
            None => {
                let _ = write!(text, "{number}");
            }
        },
        Value::String(value) => put_text(value, text),
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                put(item, text);
            }
            text.push(']');
        }
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_bytes());
            text.push('{');
            for (at, (key, item)) in entries.into_iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                put_text(key, text);
                text.push(':');
                put(item, text);
            }
            text.push('}');
        }
    }
}

fn put_text(value: &str, text: &mut String) {
    text.push('"');
    for byte in value.bytes() {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('"');
}

//! The fenced examples of a rule's page: programs for the tests, with marks in their comments; see `RULE-FORMAT.md`.

use super::Rule;

/// A fenced Python block.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it is for.
    pub role: Role,
    /// The client version it is for, where it names one: `before 0.40.0`.
    pub client: Option<String>,
    /// Its line in the rule's body.
    pub line: usize,
    /// The program, without the marks of expected findings.
    pub text: String,
    /// Findings that the audit makes of it.
    pub marks: Vec<Mark>,
    /// What the real clients are known to do with it.
    pub notes: Vec<Note>,
}

/// What a block is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Makes the data, with the synchronous API of either client.
    Setup,
    /// A program on the old client.
    Before,
    /// The same program on the async client.
    After,
}

/// An expected finding: `#~ LB003: await db.open_table("docs")`.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Its line in the block, from 1.
    pub line: u32,
    /// The rule.
    pub rule: String,
    /// The replacement, where the mark gives one.
    pub replacement: Option<String>,
}

/// A remark about running a line: `#! differs G22`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its line in the block, from 1.
    pub line: u32,
    /// What it says.
    pub kind: NoteKind,
}

/// What a [`Note`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// The two clients answer differently here: the documented difference.
    Differs(String),
    /// The statement has no counterpart in the other block: the documented difference.
    Alone(String),
    /// The statement raises an exception of this class.
    Raises(String),
    /// What is in the database in the end differs: the documented difference.
    State(String),
}

/// The Python blocks of a rule's page, in order.
///
/// # Errors
/// A fence, mark or note that means nothing.
pub fn blocks(rule: &Rule) -> Result<Vec<Block>, String> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in rule.body.lines().enumerate() {
        match &mut open {
            Some(block) if line != "```" => block.push(line)?,
            Some(_) => blocks.extend(open.take()),
            None => {
                if let Some(words) = line.strip_prefix("```python") {
                    open = Some(Block::new(words.trim(), number + 1)?);
                }
            }
        }
    }
    match open {
        Some(block) => Err(format!("the block in line {} is not closed", block.line)),
        None => Ok(blocks),
    }
}

impl Block {
    fn new(words: &str, line: usize) -> Result<Block, String> {
        let (role, client) = match words.split_once(' ') {
            Some((role, client)) => (role, Some(client.trim().to_owned())),
            None => (words, None),
        };
        let role = match role {
            "setup" => Role::Setup,
            "before" => Role::Before,
            "after" if client.is_none() => Role::After,
            _ => return Err(format!("`python {words}` is no kind of block")),
        };
        Ok(Block {
            role,
            client,
            line,
            text: String::new(),
            marks: Vec::new(),
            notes: Vec::new(),
        })
    }

    fn push(&mut self, line: &str) -> Result<(), String> {
        let number = self.text.lines().count() as u32 + 1;
        let mut parts = line.split("#~");
        let code = parts.next().unwrap_or_default().trim_end();
        self.marks.extend(parts.map(|mark| Mark::new(mark, number)));
        for note in code.split("#!").skip(1) {
            self.notes.push(Note::new(note.trim(), number)?);
        }
        self.text.push_str(code);
        self.text.push('\n');
        Ok(())
    }
}

impl Mark {
    fn new(text: &str, line: u32) -> Mark {
        let (rule, replacement) = match text.split_once(':') {
            Some((rule, replacement)) => (rule, Some(replacement.trim().to_owned())),
            None => (text, None),
        };
        Mark {
            line,
            rule: rule.trim().to_owned(),
            replacement,
        }
    }
}

impl Note {
    fn new(text: &str, line: u32) -> Result<Note, String> {
        let kind = match text.split_once(' ') {
            Some(("differs", id)) => NoteKind::Differs(id.to_owned()),
            Some(("alone", id)) => NoteKind::Alone(id.to_owned()),
            Some(("raises", class)) => NoteKind::Raises(class.to_owned()),
            Some(("state", id)) => NoteKind::State(id.to_owned()),
            _ => return Err(format!("`#! {text}` says nothing")),
        };
        Ok(Note { line, kind })
    }
}

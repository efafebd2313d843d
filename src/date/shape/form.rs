//! Reads a form: "day_head? weekday (comma | and)? day month".
//!
//! Input: the text of a form, the parts that it may name, the classes that there are. Output: a [`Node`].
//! Contract: every name is a class or, in capitals, a part; brackets close; anything else is an error that says what.

use std::collections::BTreeMap;

use crate::date::vocabulary::Vocabulary;

/// A form, taken apart.
#[derive(Debug, Clone)]
pub(in crate::date) enum Node {
    /// Takes one atom of a class; `context` leaves it out of the span.
    Slot {
        class: u8,
        context: bool,
    },
    /// The next date begins.
    Side,
    Row(Vec<Node>),
    Choice(Vec<Node>),
    Maybe(Box<Node>),
    Repeat(Box<Node>),
}

/// What names in a form may mean.
pub(super) struct Parser<'p> {
    pub parts: &'p BTreeMap<String, String>,
    pub vocabulary: &'p Vocabulary,
}

/// How deep parts may name parts.
const DEEPEST: usize = 8;

impl Parser<'_> {
    /// Reads a whole form.
    pub fn parse(&self, form: &str) -> Result<Node, String> {
        self.whole(form, 0)
    }

    fn whole(&self, form: &str, depth: usize) -> Result<Node, String> {
        if depth > DEEPEST {
            return Err("parts name one another in a circle".to_owned());
        }
        let pieces = pieces(form)?;
        let mut at = 0;
        let node = self.choice(&pieces, &mut at, false, depth)?;
        match pieces.get(at) {
            Some(piece) => Err(format!("{piece:?} stands where nothing can follow")),
            None => Ok(node),
        }
    }

    fn choice(&self, pieces: &[&str], at: &mut usize, context: bool, depth: usize) -> Result<Node, String> {
        let mut rows = vec![self.row(pieces, at, context, depth)?];
        while pieces.get(*at) == Some(&"|") {
            *at += 1;
            rows.push(self.row(pieces, at, context, depth)?);
        }
        Ok(if rows.len() == 1 { rows.remove(0) } else { Node::Choice(rows) })
    }

    fn row(&self, pieces: &[&str], at: &mut usize, context: bool, depth: usize) -> Result<Node, String> {
        let mut nodes = Vec::new();
        while let Some(&piece) = pieces.get(*at) {
            if matches!(piece, ")" | ">" | "|") {
                break;
            }
            *at += 1;
            let mut node = match piece {
                "(" => self.enclosed(pieces, at, context, ")", depth)?,
                "<" => self.enclosed(pieces, at, true, ">", depth)?,
                "&" => Node::Side,
                "?" | "*" => return Err(format!("{piece:?} follows nothing")),
                name => self.name(name, context, depth)?,
            };
            while let Some(&sign @ ("?" | "*")) = pieces.get(*at) {
                *at += 1;
                node = if sign == "?" { Node::Maybe(Box::new(node)) } else { Node::Repeat(Box::new(node)) };
            }
            nodes.push(node);
        }
        if nodes.is_empty() {
            return Err("a choice with nothing in it".to_owned());
        }
        Ok(Node::Row(nodes))
    }

    fn enclosed(
        &self,
        pieces: &[&str],
        at: &mut usize,
        context: bool,
        close: &str,
        depth: usize,
    ) -> Result<Node, String> {
        let node = self.choice(pieces, at, context, depth)?;
        if pieces.get(*at) != Some(&close) {
            return Err(format!("{close:?} is missing"));
        }
        *at += 1;
        Ok(node)
    }

    fn name(&self, name: &str, context: bool, depth: usize) -> Result<Node, String> {
        if name.starts_with(|c: char| c.is_ascii_uppercase()) {
            let part = self.parts.get(name).ok_or_else(|| format!("there is no part {name}"))?;
            return self.whole(part, depth + 1);
        }
        let class = self.vocabulary.class(name).ok_or_else(|| format!("there is no class {name:?}"))?;
        Ok(Node::Slot { class, context })
    }
}

/// Names and signs, in order.
fn pieces(form: &str) -> Result<Vec<&str>, String> {
    let mut found = Vec::new();
    let mut rest = form.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '(' | ')' | '|' | '?' | '*' | '&' | '<' | '>' => 1,
            'a'..='z' | 'A'..='Z' => rest.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(rest.len()),
            other => return Err(format!("{other:?} has no meaning in a form")),
        };
        found.push(&rest[..len]);
        rest = rest[len..].trim_start();
    }
    Ok(found)
}

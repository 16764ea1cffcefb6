//! The filter language of list methods: restrictions, AND, OR and parentheses.
//!
//! As documented, OR joins restrictions of one field and AND joins different ones; mixing them
//! needs parentheses. Whatever breaks these rules is refused rather than guessed at.

use chrono::{DateTime, NaiveDateTime, Utc};

use super::{Entity, ListRules};

const LONGEST: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    #[error("filter is longer than {LONGEST} characters")]
    TooLong,
    #[error("filter does not parse near `{0}`")]
    Syntax(String),
    #[error("field `{0}` cannot be filtered like this")]
    Field(String),
    #[error("AND and OR are mixed without parentheses")]
    Mixed,
    #[error("OR joins restrictions of different fields")]
    OrAcrossFields,
    #[error("AND repeats the same restriction on `{0}`")]
    AndOnOneField(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Equals { field: String, value: String },
    UpdatedSince(DateTime<Utc>),
    UpdatedUntil(DateTime<Utc>),
}

impl Filter {
    pub(crate) fn parse(text: &str, rules: &ListRules) -> Result<Filter, Error> {
        if text.chars().count() > LONGEST {
            return Err(Error::TooLong);
        }
        let tokens = tokenize(text)?;
        let mut parser = Parser {
            tokens: &tokens,
            at: 0,
            rules,
        };
        let filter = parser.expression()?;
        match parser.peek() {
            None => Ok(filter),
            Some(token) => Err(Error::Syntax(token.to_string())),
        }
    }

    pub(crate) fn matches(&self, entity: &impl Entity) -> bool {
        match self {
            Filter::All(parts) => parts.iter().all(|part| part.matches(entity)),
            Filter::Any(parts) => parts.iter().any(|part| part.matches(entity)),
            Filter::Equals { field, value } => entity.field(field).as_ref() == Some(value),
            Filter::UpdatedSince(since) => entity.updated_at() >= *since,
            Filter::UpdatedUntil(until) => entity.updated_at() <= *until,
        }
    }

    pub(crate) fn names(&self, wanted: &str) -> bool {
        match self {
            Filter::All(parts) | Filter::Any(parts) => parts.iter().any(|part| part.names(wanted)),
            Filter::Equals { field, .. } => field == wanted,
            Filter::UpdatedSince(_) | Filter::UpdatedUntil(_) => wanted == "updateTime",
        }
    }

    /// The one field all parts are about, if there is one.
    fn only_field(&self) -> Option<&str> {
        match self {
            Filter::Equals { field, .. } => Some(field),
            Filter::UpdatedSince(_) | Filter::UpdatedUntil(_) => Some("updateTime"),
            Filter::All(parts) | Filter::Any(parts) => {
                let first = parts.first()?.only_field()?;
                parts
                    .iter()
                    .all(|part| part.only_field() == Some(first))
                    .then_some(first)
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Word(String),
    Text(String),
    Operator(&'static str),
}

impl std::fmt::Display for Token {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Token::Open => out.write_str("("),
            Token::Close => out.write_str(")"),
            Token::And => out.write_str("AND"),
            Token::Or => out.write_str("OR"),
            Token::Word(text) | Token::Text(text) => out.write_str(text),
            Token::Operator(text) => out.write_str(text),
        }
    }
}

fn tokenize(text: &str) -> Result<Vec<Token>, Error> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, used) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '>' | '<' if rest[1..].starts_with('=') => {
                (Token::Operator(if first == '>' { ">=" } else { "<=" }), 2)
            }
            '=' => (Token::Operator("="), 1),
            '"' => quoted(rest)?,
            _ => word(rest)?,
        };
        tokens.push(token);
        rest = rest[used..].trim_start();
    }
    Ok(tokens)
}

fn quoted(rest: &str) -> Result<(Token, usize), Error> {
    let mut value = String::new();
    let mut escaped = false;
    for (position, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => {
                value.push(character);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return Ok((Token::Text(value), position + 1)),
            _ => value.push(character),
        }
    }
    Err(Error::Syntax(rest.to_owned()))
}

fn word(rest: &str) -> Result<(Token, usize), Error> {
    let part = |character: char| character.is_ascii_alphanumeric() || "_.-:".contains(character);
    let end = rest
        .find(|character| !part(character))
        .unwrap_or(rest.len());
    match &rest[..end] {
        "" => Err(Error::Syntax(rest.to_owned())),
        "AND" => Ok((Token::And, end)),
        "OR" => Ok((Token::Or, end)),
        text => Ok((Token::Word(text.to_owned()), end)),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    rules: &'a ListRules,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.at += 1;
        token
    }

    fn expression(&mut self) -> Result<Filter, Error> {
        let mut parts = vec![self.operand()?];
        let (mut ands, mut ors) = (0, 0);
        loop {
            match self.peek() {
                Some(Token::And) => {
                    ands += 1;
                    self.at += 1;
                }
                Some(Token::Or) => {
                    ors += 1;
                    self.at += 1;
                }
                // A sequence of restrictions implicitly uses AND.
                Some(Token::Word(_) | Token::Open) => ands += 1,
                _ => break,
            }
            parts.push(self.operand()?);
        }
        match (ands, ors) {
            (0, 0) => Ok(parts.remove(0)),
            (_, 0) => all(parts),
            (0, _) => any(parts),
            _ => Err(Error::Mixed),
        }
    }

    fn operand(&mut self) -> Result<Filter, Error> {
        match self.next() {
            Some(Token::Open) => {
                let inner = self.expression()?;
                match self.next() {
                    Some(Token::Close) => Ok(inner),
                    other => Err(syntax(other)),
                }
            }
            Some(Token::Word(field)) => self.restriction(field),
            other => Err(syntax(other)),
        }
    }

    fn restriction(&mut self, field: String) -> Result<Filter, Error> {
        let operator = match self.next() {
            Some(Token::Operator(operator)) => operator,
            other => return Err(syntax(other)),
        };
        let value = match self.next() {
            Some(Token::Text(value) | Token::Word(value)) => value,
            other => return Err(syntax(other)),
        };
        if field == "updateTime" && self.rules.filters_update_time {
            let at = NaiveDateTime::parse_from_str(&value, "%Y-%m-%dT%H:%M:%SZ");
            let at = at.map_err(|_| Error::Field(field.clone()))?.and_utc();
            return match operator {
                ">=" => Ok(Filter::UpdatedSince(at)),
                "<=" => Ok(Filter::UpdatedUntil(at)),
                _ => Err(Error::Field(field)),
            };
        }
        let known = self.rules.filters.contains(&field.as_str()) && operator == "=";
        let sensible = match field.as_str() {
            "entityStatus" => value.starts_with("ENTITY_STATUS_"),
            "lineItemType" => value.starts_with("LINE_ITEM_TYPE_"),
            "creativeType" => value.starts_with("CREATIVE_TYPE_"),
            name if name.ends_with("Id") => value.parse::<u64>().is_ok(),
            _ => true,
        };
        if known && sensible {
            Ok(Filter::Equals { field, value })
        } else {
            Err(Error::Field(field))
        }
    }
}

fn syntax(token: Option<Token>) -> Error {
    Error::Syntax(token.map_or_else(|| "the end".to_owned(), |token| token.to_string()))
}

/// Two equalities on one field could never both hold; Google asks for OR there.
fn all(parts: Vec<Filter>) -> Result<Filter, Error> {
    for (position, part) in parts.iter().enumerate() {
        let Some(field) = part.only_field().filter(|field| *field != "updateTime") else {
            continue;
        };
        if parts[..position]
            .iter()
            .any(|earlier| earlier.only_field() == Some(field))
        {
            return Err(Error::AndOnOneField(field.to_owned()));
        }
    }
    Ok(Filter::All(parts))
}

fn any(parts: Vec<Filter>) -> Result<Filter, Error> {
    let any = Filter::Any(parts);
    if any.only_field().is_some() {
        Ok(any)
    } else {
        Err(Error::OrAcrossFields)
    }
}

//! E-mail addresses and names: normalised once, on the way in.

/// A plausible, normalised address: trimmed, lower case, ASCII (domains in punycode).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("enter an e-mail address like name@example.com")]
pub struct EmailError;

const EMAIL_MAX: usize = 254;
const LOCAL_MAX: usize = 64;
const LABEL_MAX: usize = 63;

impl Email {
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim().to_ascii_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or(EmailError)?;
        if text.len() <= EMAIL_MAX && is_local(local) && is_domain(domain) {
            Ok(Self(text))
        } else {
            Err(EmailError)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`.
    pub fn local(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }
}

/// RFC 5322's dot-atom; quoted local parts exist on paper only.
fn is_local(local: &str) -> bool {
    local.len() <= LOCAL_MAX
        && local.split('.').all(|atom| {
            !atom.is_empty()
                && atom.bytes().all(|byte| {
                    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
                })
        })
}

fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let last_is_number = labels
        .last()
        .is_some_and(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    labels.len() >= 2
        && !last_is_number
        && labels.iter().all(|label| {
            (1..=LABEL_MAX).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}

/// A name of a person or an org: 1 to 80 visible characters, spaces collapsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName(String);

pub const NAME_MAX: usize = 80;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("enter a name")]
    Empty,
    #[error("use at most {NAME_MAX} characters for the name")]
    TooLong,
    #[error("the name holds characters that cannot be shown")]
    Invisible,
}

impl PersonName {
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.len() > 8 * NAME_MAX {
            return Err(NameError::TooLong);
        }
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            Err(NameError::Empty)
        } else if name.chars().count() > NAME_MAX {
            Err(NameError::TooLong)
        } else if name.chars().any(is_invisible) {
            Err(NameError::Invisible)
        } else {
            Ok(Self(name))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Controls, blanks that are no spaces, and what turns or hides the text around it.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}' | '\u{e000}'..='\u{f8ff}')
}

#[cfg(test)]
mod tests;

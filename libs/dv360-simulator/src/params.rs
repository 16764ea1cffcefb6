//! Query parameters read the way Google reads them: unknown names and repeated single values are
//! refused, the standard system parameters are accepted everywhere.

use crate::error::Error;

const STANDARD: [&str; 9] = [
    "alt",
    "prettyPrint",
    "key",
    "quotaUser",
    "$.xgafv",
    "callback",
    "uploadType",
    "upload_protocol",
    "fields",
];

#[derive(Debug)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    pub(crate) fn parse(query: Option<&str>, known: &[&str]) -> Result<Self, Error> {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(query.unwrap_or_default()).map_err(|_| Error::invalid())?;
        for (position, (name, value)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) && !STANDARD.contains(&name.as_str()) {
                return Err(Error::invalid_because(format!(
                    "Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query \
                     parameter. Field '{name}' could not be found in request message."
                )));
            }
            if pairs[..position].iter().any(|(earlier, _)| earlier == name) {
                return Err(Error::invalid());
            }
            match name.as_str() {
                "alt" if value != "json" => return Err(Error::not_modelled("alt other than json")),
                "fields" if value != "*" => return Err(Error::not_modelled("partial responses")),
                _ => {}
            }
        }
        Ok(Self(pairs))
    }

    /// The value, where an empty one counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    pub(crate) fn int32(&self, name: &str) -> Result<Option<i32>, Error> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        let number = text
            .parse()
            .map_err(|_| bad_value(name, "TYPE_INT32", text))?;
        Ok(Some(number))
    }

    pub(crate) fn id(&self, name: &str) -> Result<Option<u64>, Error> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        let number = text
            .parse()
            .map_err(|_| bad_value(name, "TYPE_INT64", text))?;
        Ok(Some(number))
    }

    pub(crate) fn flag(&self, name: &str) -> Result<bool, Error> {
        match self.get(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(bad_value(name, "TYPE_BOOL", other)),
        }
    }
}

/// An id in a path; anything but a positive int64 is an invalid value there too.
pub(crate) fn path_id(field: &str, text: &str) -> Result<u64, Error> {
    let parsed = text
        .parse::<i64>()
        .ok()
        .and_then(|id| u64::try_from(id).ok());
    parsed.ok_or_else(|| bad_value(field, "TYPE_INT64", text))
}

fn bad_value(name: &str, kind: &str, text: &str) -> Error {
    let field = snake_case(name);
    Error::invalid_because(format!("Invalid value at '{field}' ({kind}), \"{text}\""))
}

pub(crate) fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(character.to_ascii_lowercase());
    }
    out
}

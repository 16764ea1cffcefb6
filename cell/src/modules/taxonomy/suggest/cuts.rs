//! The ways to cut a wrong name into parts.

use std::borrow::Cow;

use crate::modules::taxonomy::check::is_unseen;
use crate::modules::taxonomy::compiled::{Compiled, Fit};
use crate::modules::taxonomy::convention::{Kind, Presence};
use crate::modules::taxonomy::subject::Subject;

use super::Confidence;

/// What people put between fields.
const SEPARATORS: &str = "_-|/.:;,+~ \t–—";
/// Orders that are tried before it is given up.
const MOST_STEPS: usize = 2_000;

pub(super) struct Cut<'n> {
    pub(super) parts: Vec<Cow<'n, str>>,
    pub(super) cost: u32,
    pub(super) confidence: Confidence,
}

/// As it is first. Two ways may come to the same parts; the cheaper one is kept.
pub(super) fn ways<'n>(compiled: &Compiled, subject: &Subject<'n>) -> Vec<Cut<'n>> {
    let mut plain = Vec::new();
    compiled.split(subject.name, &mut plain);
    let plain: Vec<Cow<'n, str>> = plain.into_iter().map(Cow::Borrowed).collect();
    let mut ways = vec![Cut {
        parts: plain.clone(),
        cost: 0,
        confidence: Confidence::High,
    }];
    let mut add = |parts: Option<Vec<Cow<'n, str>>>, cost, confidence| {
        if let Some(parts) = parts
            && ways.iter().all(|way| way.parts != parts)
        {
            ways.push(Cut {
                parts,
                cost,
                confidence,
            });
        }
    };
    let clean = cleaned(&plain);
    add(Some(clean.clone()), 1, Confidence::High);
    let elsewhere = cut_at_others(compiled, subject.name);
    add(elsewhere.clone(), 2, Confidence::High);
    for parts in [Some(clean), elsewhere].into_iter().flatten() {
        for parts in put_back(compiled, &parts, subject) {
            add(Some(parts), 4, Confidence::Medium);
        }
        for parts in put_together(compiled, &parts, subject) {
            add(Some(parts), 4, Confidence::Medium);
        }
        add(reordered(compiled, &parts, subject), 5, Confidence::Medium);
    }
    ways
}

/// Without unseen signs, spaces around parts, and empty parts.
fn cleaned<'n>(parts: &[Cow<'n, str>]) -> Vec<Cow<'n, str>> {
    let clean = parts.iter().map(|part| {
        let seen: String = part.chars().filter(|one| !is_unseen(*one)).collect();
        seen.trim().to_owned()
    });
    clean
        .filter(|part| !part.is_empty())
        .map(Cow::Owned)
        .collect()
}

/// At any separator that no value of the convention has in it.
fn cut_at_others<'n>(compiled: &Compiled, name: &str) -> Option<Vec<Cow<'n, str>>> {
    let convention = &compiled.convention;
    if convention.escape.is_some() {
        return None;
    }
    let in_values = |one: char| {
        convention.fields.iter().any(|field| match &field.kind {
            Kind::Picklist { values } => values.iter().any(|value| value.code.contains(one)),
            Kind::Date { format } => format.contains(one),
            // Free text and patterns may have anything in them but letters' neighbours.
            Kind::Pattern { .. } | Kind::Text { .. } => one == '-' || one == '.' || one == ' ',
            Kind::Reference { .. } | Kind::Number { .. } => false,
        })
    };
    let separators: Vec<char> = SEPARATORS
        .chars()
        .filter(|one| convention.delimiter.contains(*one) || !in_values(*one))
        .collect();
    let parts = name.split(|one: char| separators.contains(&one) || is_unseen(one));
    let parts = parts.map(str::trim).filter(|part| !part.is_empty());
    let parts: Vec<Cow<'n, str>> = parts.map(|part| Cow::Owned(part.to_owned())).collect();
    (parts.len() > 1).then_some(parts)
}

/// One delimiter is lost: a part is two values of neighbouring fields.
fn put_back<'n>(
    compiled: &Compiled,
    parts: &[Cow<'n, str>],
    subject: &Subject<'_>,
) -> Vec<Vec<Cow<'n, str>>> {
    let mut ways = Vec::new();
    if parts.len() >= compiled.fields.len() {
        return ways;
    }
    let is = |field: usize, text: &str| is_exact(compiled, field, text, subject);
    for (at, part) in parts.iter().enumerate() {
        let around = at.saturating_sub(1)..compiled.fields.len().min(at + 3);
        for field in around.clone().filter(|field| field + 1 < around.end) {
            for (cut, _) in part.char_indices().skip(1) {
                let (left, right) = part.split_at(cut);
                if is(field, left) && is(field + 1, right) {
                    let mut parts = parts.to_vec();
                    let pair = [left, right].map(|one| Cow::Owned(one.to_owned()));
                    parts.splice(at..=at, pair);
                    ways.push(parts);
                }
            }
        }
    }
    ways.truncate(4);
    ways
}

/// A delimiter too many: two parts are one value of a list.
fn put_together<'n>(
    compiled: &Compiled,
    parts: &[Cow<'n, str>],
    subject: &Subject<'_>,
) -> Vec<Vec<Cow<'n, str>>> {
    let mut ways = Vec::new();
    if parts.len() <= 1 {
        return ways;
    }
    for at in 0..parts.len() - 1 {
        for between in ["", "-", " ", "."] {
            let whole = format!("{}{between}{}", parts[at], parts[at + 1]);
            let fields = at.saturating_sub(1)..compiled.fields.len().min(at + 2);
            let mut fields = fields.filter(|field| is_exact(compiled, *field, &whole, subject));
            if fields.next().is_some() {
                let mut parts = parts.to_vec();
                parts.splice(at..=at + 1, [Cow::Owned(whole)]);
                ways.push(parts);
                break;
            }
        }
    }
    ways.truncate(4);
    ways
}

/// A value of a list or a date, which is no accident.
fn is_exact(compiled: &Compiled, field: usize, text: &str, subject: &Subject<'_>) -> bool {
    match compiled.fit(field, text, subject) {
        Fit::Code(_) => true,
        Fit::Other => matches!(compiled.convention.fields[field].kind, Kind::Date { .. }),
        Fit::No => false,
    }
}

/// The same parts in the only order in which each is right, if there is just one.
fn reordered<'n>(
    compiled: &Compiled,
    parts: &[Cow<'n, str>],
    subject: &Subject<'_>,
) -> Option<Vec<Cow<'n, str>>> {
    let fields = compiled.fields.len();
    let repeated = compiled
        .fields
        .iter()
        .any(|field| field.presence == Presence::Repeated);
    if parts.len() != fields || repeated {
        return None;
    }
    let fits: Vec<Vec<usize>> = (0..fields)
        .map(|field| {
            let right = |part: &usize| compiled.fit(field, &parts[*part], subject).fits();
            (0..fields).filter(right).collect()
        })
        .collect();
    let mut search = Search {
        fits: &fits,
        used: vec![false; fields],
        chosen: Vec::new(),
        found: Vec::new(),
        steps: 0,
    };
    search.go();
    let [order] = search.found.as_slice() else {
        return None;
    };
    Some(order.iter().map(|part| parts[*part].clone()).collect())
}

/// All ways to give each field a part of its own, two at most.
struct Search<'f> {
    fits: &'f [Vec<usize>],
    used: Vec<bool>,
    chosen: Vec<usize>,
    found: Vec<Vec<usize>>,
    steps: usize,
}

impl Search<'_> {
    fn go(&mut self) {
        self.steps += 1;
        if self.found.len() > 1 || self.steps > MOST_STEPS {
            return;
        }
        let field = self.chosen.len();
        if field == self.fits.len() {
            self.found.push(self.chosen.clone());
            return;
        }
        for part in &self.fits[field] {
            if self.used[*part] {
                continue;
            }
            self.used[*part] = true;
            self.chosen.push(*part);
            self.go();
            self.chosen.pop();
            self.used[*part] = false;
        }
    }
}

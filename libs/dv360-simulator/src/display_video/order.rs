//! `orderBy` of list methods. Ties are broken by id, so that paging never repeats or skips one.

use super::{Entity, ListRules};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    field: &'static str,
    descending: bool,
}

impl Order {
    /// `None` for a field this list cannot be ordered by.
    pub(crate) fn parse(text: Option<&str>, rules: &ListRules) -> Option<Order> {
        let text = text.unwrap_or(rules.orders[0]);
        let (name, descending) = match text.strip_suffix(" desc") {
            Some(name) => (name, true),
            None => (text, false),
        };
        let field = rules.orders.iter().find(|known| **known == name)?;
        Some(Order { field, descending })
    }

    pub(crate) fn sort<E: Entity>(&self, entities: &mut [&E]) {
        entities.sort_by_cached_key(|entity| {
            let key = match self.field {
                "updateTime" => entity.updated_at().format("%+").to_string(),
                field if field.ends_with("Id") => String::new(),
                field => entity.field(field).unwrap_or_default(),
            };
            (key, entity.id())
        });
        if self.descending {
            entities.reverse();
        }
    }
}

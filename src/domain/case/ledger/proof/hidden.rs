//! What is not shown of an entry: what nobody may hide, and what was hidden under another name.

use std::collections::BTreeMap;

use entity::kinds::{ActorRole, EventType};

use super::{Chain, Extent, Finding, at};
use crate::domain::audit::facts::form::form;
use crate::domain::audit::facts::keys;
use crate::domain::case::ledger::exported::Field;

impl Chain<'_> {
    /// What the law has nobody hide: a payload goes only when its case says so later, only where
    /// somebody said it, and what figures read of it stays.
    pub(super) fn hidden(&self, place: usize, seq: i64) -> Option<Finding> {
        let event = self.events.get(place)?;
        let (entry, read) = (&event.entry, keys(event.entry.kind));
        let whole = |why: &str| Some(at(seq, "payload".to_owned(), why));
        match &event.fields {
            None if !event.erased || !read.is_empty() => {
                return whole("缺失：指标要读取其中的字段，依法删除时也应保留");
            }
            Some(fields) => {
                if let Some((name, why)) = concealed(entry.kind, fields) {
                    return Some(at(seq, format!("payload.{name}"), why));
                }
            }
            None => {}
        }
        if !event.erased {
            return None;
        }
        if entry.actor_role == ActorRole::System && entry.kind != EventType::Located {
            return whole("缺失：系统写下的内容不会依法删除");
        }
        let mut later = self.events.iter().skip(place.saturating_add(1));
        let said = later.any(|one| one.entry.kind == EventType::Erased);
        // An export ends with what is sealed: that the case was erased may be said behind it.
        if said || self.extent != Extent::Open {
            return None;
        }
        whole("缺失：此后没有依法删除的记录")
    }
}

/// Finds a field that figures read and that is hidden, and what to say of it. A field that is not
/// shown does not prove its name: it bears one that its kind has, and those that its kind always
/// has are there.
fn concealed(kind: EventType, fields: &BTreeMap<String, Field>) -> Option<(String, &'static str)> {
    let (form, why) = (form(kind), "被隐去：指标要读取它，依法删除时也应保留");
    let unshown = || fields.iter().filter(|(_, one)| one.shown.is_none()).map(|(name, _)| name);
    if let Some(name) = unshown().find(|name| keys(kind).contains(&name.as_str())) {
        return Some((name.clone(), why));
    }
    if let Some(name) = unshown().find(|name| !form.knows(name)) {
        return Some((name.clone(), "账本没有这个字段"));
    }
    form.lacks(|name| fields.contains_key(name)).map(|name| (name.to_owned(), why))
}

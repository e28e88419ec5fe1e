//! Which names the payload of a kind can have: all that any writer of the program gives it.
//!
//! A field that is not shown proves nothing of its name. Under another one a fact would be gone
//! without a trace, so that whoever verifies holds the names against this list.

use entity::kinds::EventType;

use super::{DUES, PLACE};

/// What is promised with a report.
const PROMISE: &[&str] = &["promised", "acknowledge_due", "contact_due", "resolve_due"];
/// The same, and where the case lies.
const REPORT: &[&str] =
    &["promised", "acknowledge_due", "contact_due", "resolve_due", "grid_code", "community"];

/// The names of a kind. Every name that figures read is among them.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// All of them, in groups.
    names: &'static [&'static [&'static str]],
    /// Names that are there wherever the payload says anything.
    always: &'static [&'static str],
    /// Groups of which no name is there without the others.
    together: &'static [&'static [&'static str]],
}

impl Form {
    const fn of(names: &'static [&'static [&'static str]]) -> Self {
        Self { names, always: &[], together: &[] }
    }

    const fn always(self, always: &'static [&'static str]) -> Self {
        Self { always, ..self }
    }

    const fn together(self, together: &'static [&'static [&'static str]]) -> Self {
        Self { together, ..self }
    }

    /// Tells whether any writer gives the kind a field of this name.
    pub fn knows(&self, name: &str) -> bool {
        self.names.iter().any(|group| group.contains(&name))
    }

    /// Finds a name that every writer of such a payload gives it; `there` tells which names it has.
    /// What says nothing lacks nothing: the commitment counts the fields, so that none is gone.
    pub fn lacks(&self, there: impl Fn(&str) -> bool) -> Option<&'static str> {
        let mut all = self.names.iter().copied().flatten();
        if !all.any(|name| there(name)) {
            return None;
        }
        let missing = |name: &&&'static str| !there(name);
        let torn = |group: &&&'static [&'static str]| group.iter().any(|name| there(name));
        let always = || self.always.iter().find(missing);
        let alone = || self.together.iter().filter(torn).flat_map(|all| all.iter()).find(missing);
        always().or_else(alone).copied()
    }
}

/// Returns the form of a kind.
pub const fn form(kind: EventType) -> Form {
    use EventType as E;
    match kind {
        E::Reported => Form::of(&[
            &["text", "address", "category", "urgency", "danger", "stuck", "on_behalf_of"],
            &["photos", "voices", "building", "tapped"],
        ]),
        E::Located => Form::of(&[PLACE, &["grid", "confidence", "reason", "by"]]).always(PLACE),
        E::Assigned => Form::of(&[REPORT, &["people", "chain", "grid", "reason"]])
            .always(&["people"])
            .together(&[PROMISE, PLACE]),
        E::SentToTriage => {
            Form::of(&[REPORT, &["people", "reason", "held_by", "chain"]]).together(&[REPORT])
        }
        E::Transferred => Form::of(&[REPORT, &["people", "from", "to", "reason"]])
            .always(&["grid_code", "community", "people"])
            .together(&[PROMISE]),
        E::Pushed => Form::of(&[TOLD, &["msgid", "bundled_into"]]).always(&["first"]),
        E::PushFailed => Form::of(&[TOLD, &["state", "class", "errcode"]]).always(&["first"]),
        E::Opened | E::Acknowledged => Form::of(&[&["staff"]]),
        E::ContactAttempted | E::Contacted => {
            Form::of(&[&["method", "outcome", "note", "evidence_level"]])
                .always(&["outcome", "evidence_level"])
        }
        E::Resolved => Form::of(&[&["result_type", "text", "photos", "before"]])
            .always(&["result_type", "photos"]),
        E::Confirmed => {
            Form::of(&[&["rating", "result", "attitude"]]).always(&["result", "attitude"])
        }
        E::Rated => Form::of(&[&["result", "attitude", "comment"]]).always(&["result", "attitude"]),
        E::Verified => Form::of(&[&["method", "outcome", "note"]]).always(&["outcome"]),
        E::Reopened => {
            Form::of(&[DUES, &["reason", "round", "reviewer", "photos", "voices"]]).always(DUES)
        }
        E::Held => Form::of(&[DUES, &["reason", "until", "note", "decision", "asked_at"]])
            .together(&[DUES]),
        E::Resumed => Form::of(&[DUES, &["by"]]).always(DUES),
        E::Appealed => Form::of(&[DUES, &["reason"]]).together(&[DUES]),
        E::Diverted => Form::of(&[DUES, &["code", "explanation"]]).together(&[DUES]),
        E::ExtensionGranted => {
            Form::of(&[DUES, &["days", "note", "resolve_by_before"]]).always(DUES)
        }
        E::DueChanged => Form::of(&[DUES, &["calendar", "before", "now", "provisional"]]),
        E::Escalated => {
            Form::of(&[&["round", "step", "roles", "people", "chain"]]).always(&["step"])
        }
        E::Excluded => Form::of(&[&["ground", "note"]]).always(&["ground"]),
        _ => unread(kind),
    }
}

/// Of a notice, and which message it was.
const TOLD: &[&str] = &["notice", "staff", "channel", "first", "about", "round", "step"];

/// Forms of kinds of which figures read nothing.
const fn unread(kind: EventType) -> Form {
    use EventType as E;
    match kind {
        E::Unacknowledged => Form::of(&[&["acknowledged_by"]]),
        E::Updated | E::Added => Form::of(&[&["text", "photos", "voices"]]),
        E::AutoClosed => Form::of(&[&["rating"]]),
        E::Returned => Form::of(&[&["reason", "proposed_unit", "held_by"]]),
        E::Reminded | E::Supervised | E::ExclusionWithdrawn => Form::of(&[&["note"]]),
        E::Cancelled => Form::of(&[&["reason"]]),
        E::Rejected => Form::of(&[&["code", "explanation"]]),
        E::Merged => Form::of(&[&["into", "reason"]]),
        E::Answered => Form::of(&[&["grid", "text"]]),
        E::NoOneReachable => Form::of(&[&["round", "step", "roles"]]),
        E::ContentChecked => Form::of(&[&["result", "why", "media", "file"]]),
        E::YellowCard | E::RedCard => Form::of(&[&["resolve_by"]]),
        E::ExtensionRefused => Form::of(&[DUES, &["days", "note", "resolve_by_before"]]),
        E::ExtensionAsked => Form::of(&[&["days", "reason"]]),
        E::PauseAsked => Form::of(&[&["reason", "until", "note"]]),
        E::PauseRefused => Form::of(&[&["note", "asked_at"]]),
        E::AppointmentAgreed => Form::of(&[&["until"]]),
        _ => Form::of(&[]),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::keys;
    use super::*;

    /// What the program writes of the kinds of which figures read something, each as one writer does.
    const WRITTEN: [(EventType, &[&[&str]]); 25] = {
        use EventType as E;
        [
            (E::Located, &[PLACE, &["grid", "confidence", "reason"]]),
            (E::Located, &[PLACE, &["grid", "by"]]),
            (E::Assigned, &[REPORT, &["people", "chain"]]),
            (E::Assigned, &[PLACE, &["grid", "reason", "people"]]),
            (E::Assigned, &[PLACE, &["grid", "people"]]),
            (E::SentToTriage, &[REPORT, &["reason", "held_by", "chain"]]),
            (E::Transferred, &[PLACE, &["from", "to", "reason", "people"]]),
            (E::Pushed, &[TOLD, &["msgid"]]),
            (E::Pushed, &[TOLD, &["bundled_into"]]),
            (E::PushFailed, &[TOLD, &["state", "class", "errcode"]]),
            (E::Acknowledged, &[&["staff"]]),
            (E::Contacted, &[&["method", "outcome", "note", "evidence_level"]]),
            (E::Resolved, &[&["result_type", "text", "photos"]]),
            (E::Confirmed, &[&["rating", "result", "attitude"]]),
            (E::Rated, &[&["result", "attitude", "comment"]]),
            (E::Verified, &[&["method", "outcome", "note"]]),
            (E::Reopened, &[DUES, &["reason", "round", "reviewer"]]),
            (E::Held, &[DUES, &["reason", "until", "note"]]),
            (E::Resumed, &[DUES]),
            (E::Appealed, &[DUES, &["reason"]]),
            (E::Diverted, &[DUES, &["code", "explanation"]]),
            (E::ExtensionGranted, &[DUES, &["days", "note", "resolve_by_before"]]),
            (E::DueChanged, &[DUES, &["calendar", "before", "now", "provisional"]]),
            (E::Escalated, &[&["round", "step", "roles", "people", "chain"]]),
            (E::Excluded, &[&["ground", "note"]]),
        ]
    };

    /// The first name that is amiss in a payload with these names, of which only facts are shown.
    fn amiss(kind: EventType, names: &BTreeSet<&str>, hidden: &str) -> Option<String> {
        let form = form(kind);
        let strange = names.iter().find(|name| !form.knows(name)).map(|name| (*name).to_owned());
        let fact = keys(kind).contains(&hidden).then(|| hidden.to_owned());
        strange.or(fact).or_else(|| form.lacks(|name| names.contains(name)).map(str::to_owned))
    }

    #[test]
    fn every_name_that_figures_read_is_in_the_form_of_its_kind() {
        for kind in EventType::ALL.iter().copied() {
            let form = form(kind);
            assert!(keys(kind).iter().all(|name| form.knows(name)), "{kind:?}");
            let mut needed = form.always.iter().chain(form.together.iter().copied().flatten());
            assert!(needed.all(|name| keys(kind).contains(name)), "{kind:?}");
            let silent = matches!(kind, EventType::Accessed | EventType::Erased);
            assert_eq!(form.names.is_empty(), silent, "a form of its own: {kind:?}");
        }
    }

    #[test]
    fn what_the_program_writes_lacks_nothing_and_what_says_nothing_neither() {
        for (kind, names) in WRITTEN {
            let names: BTreeSet<&str> = names.concat().into_iter().collect();
            assert_eq!(amiss(kind, &names, ""), None, "{kind:?}");
        }
        for kind in EventType::ALL.iter().copied() {
            assert_eq!(amiss(kind, &BTreeSet::new(), ""), None, "{kind:?}");
        }
    }

    /// The commitment holds the leaves in the order of the names, so that a name can only become one
    /// that keeps its place.
    #[test]
    fn no_fact_can_go_under_another_name() {
        let words = ["a", "grid_codf", "promisee", "stafg", "zz"];
        for (kind, written) in WRITTEN {
            let written = written.concat();
            let known = form(kind).names.iter().copied().flatten().copied();
            let others: Vec<&str> = known.chain(words).collect();
            for fact in keys(kind).iter().filter(|fact| written.contains(fact)) {
                for other in others.iter().filter(|other| !written.contains(other)) {
                    let rest = written.iter().copied().filter(|name| name != fact);
                    let names: BTreeSet<&str> = rest.chain([*other]).collect();
                    let said = amiss(kind, &names, other);
                    assert!(said.is_some(), "{kind:?}: {fact} under {other}");
                }
            }
        }
    }
}

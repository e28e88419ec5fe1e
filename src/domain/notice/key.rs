//! Under which key a notice is planned, and where it leads.

use entity::kinds::{AccountId, CaseId, Channel, NoticeKind, StaffId};

/// Whom a notice is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recipient {
    Staff(StaffId),
    Resident(AccountId),
}

/// Which part of a round a notice belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// A step of the escalation chain.
    Step(u32),
    /// Outside the chain, once: taken by, resolved, question …
    Once(NoticeKind),
    /// Outside the chain, one for each ledger entry that causes it: reminders.
    Event(NoticeKind, i64),
    /// The same, caused by an entry of another case: by the one that it was merged with.
    Beside(NoticeKind, CaseId, i64),
}

/// Returns the business key `{case}/{round}/{part}/{person}/{channel}` of a notice. The same
/// intention always has the same key, so planning it again after a crash plans nothing.
pub fn dedup_key(case: CaseId, round: u32, part: Part, to: Recipient, channel: Channel) -> String {
    let part = match part {
        Part::Step(step) => step.to_string(),
        Part::Once(kind) => kind.word().to_owned(),
        Part::Event(kind, seq) => format!("{}-{seq}", kind.word()),
        Part::Beside(kind, other, seq) => format!("{}-{other}.{seq}", kind.word()),
    };
    let person = match to {
        Recipient::Staff(id) => format!("s{id}"),
        Recipient::Resident(id) => format!("r{id}"),
    };
    format!("{case}/{round}/{part}/{person}/{}", channel.word())
}

/// Returns the mini-program page a notice opens: the case, as residents or as staff see it. The page
/// shows what its reader may do, whatever the kind; `from` tells it which notice was opened.
pub fn page(kind: NoticeKind, case: CaseId, to: Recipient) -> String {
    let page = match to {
        Recipient::Staff(_) => "worker/case/index",
        Recipient::Resident(_) => "pages/case/index",
    };
    format!("{page}?id={case}&from={}", kind.word())
}

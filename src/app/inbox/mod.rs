//! The inbox: what a person was told, to be read in the program itself. Always on.
//!
//! An entry is written in the unit that plans the message, whatever channels lead to the person,
//! and once for all channels. It wakes nobody, so it counts neither as a way to reach somebody nor
//! as a sign that he was reached: the escalation goes on until somebody acts.

mod entry;
pub mod hub;
pub mod list;
pub mod live;
pub mod plan;
pub mod read;

pub use entry::Entry;

use crate::app::actor::Actor;
use crate::domain::notice::Recipient;

/// The column context under which an entry's words are sealed.
const WORDS: &str = "inbox.words";

/// Returns the word by which an inbox belongs to somebody: `s12` or `r34`.
pub(crate) fn owner(to: Recipient) -> String {
    match to {
        Recipient::Staff(id) => format!("s{id}"),
        Recipient::Resident(id) => format!("r{id}"),
    }
}

/// Lists the inboxes that are this person's: the one of his account and, in office, of his person.
fn owners(actor: &Actor) -> Vec<String> {
    let mut owners = vec![owner(Recipient::Resident(actor.account))];
    owners.extend(actor.staff.map(|staff| owner(Recipient::Staff(staff))));
    owners
}

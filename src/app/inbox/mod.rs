//! The inbox: what a person was told, to be read in the program itself. Always on.
//!
//! An entry is written in the unit that plans the message, whatever channels lead to the person,
//! and once for all channels. It wakes nobody, so it counts neither as a way to reach somebody nor
//! as a sign that he was reached: the escalation goes on until somebody acts.

mod entry;
mod follow;
pub mod hub;
pub mod list;
pub mod live;
pub mod plan;
pub mod read;

pub use entry::{Entry, Words};

use entity::kinds::NoticeKind;

use crate::app::actor::Actor;
use crate::domain::notice::Recipient;
use crate::error::Result;
use crate::services::Services;

/// The column context under which an entry's words are sealed.
const WORDS: &str = "inbox.words";

/// With what the inboxes of accounts begin.
const RESIDENT: char = 'r';

/// Returns the word by which an inbox belongs to somebody: `s12` or `r34`.
pub(crate) fn owner(to: Recipient) -> String {
    match to {
        Recipient::Staff(id) => format!("s{id}"),
        Recipient::Resident(id) => format!("{RESIDENT}{id}"),
    }
}

/// Seals the words of an entry that is about no case: place, state and sentence.
pub(crate) fn words_of_roster(
    s: &Services,
    (place, state, note): (&str, &str, &str),
) -> Result<String> {
    let words = entry::Words {
        number: String::new(),
        category: NoticeKind::Roster.zh().to_owned(),
        place: place.to_owned(),
        state: state.to_owned(),
        due: None,
        note: note.to_owned(),
    };
    words.seal(s)
}

/// Lists the inboxes that are this person's: the one of his account and, in office, of his person.
fn owners(actor: &Actor) -> Vec<String> {
    let mut owners = vec![owner(Recipient::Resident(actor.account))];
    owners.extend(actor.staff.map(|staff| owner(Recipient::Staff(staff))));
    owners
}

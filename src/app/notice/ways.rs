//! Which channels lead to members of staff, in the order in which they are to be tried.

use std::collections::HashMap;

use entity::kinds::{AccountId, Channel, StaffId, WayState, WechatApp};
use sea_orm::ConnectionTrait;

use super::letter;
use crate::domain::notice::{DEFAULT_ORDER, Said, order};
use crate::error::Result;
use crate::services::Services;
use crate::store::channel::Known;
use crate::store::{self};

/// The ways to several people.
#[derive(Clone, Debug, Default)]
pub struct Ways(HashMap<StaffId, Person>);

/// The ways to one person.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub account: Option<AccountId>,
    /// Channels with an address that is not known to be dead.
    pub living: Vec<Channel>,
    /// What he said and what tests showed.
    pub known: Vec<Known>,
}

impl Ways {
    /// Reads the ways to people, with as many queries for all as for one.
    pub async fn load(
        s: &Services,
        conn: &impl ConnectionTrait,
        staff: &[StaffId],
    ) -> Result<Self> {
        let mut people: HashMap<StaffId, Person> = HashMap::new();
        for known in store::channel::known(conn, staff).await? {
            let person = people.entry(known.staff_id).or_default();
            person.account = known.account_id;
            if known.channel.is_some() {
                person.known.push(known);
            }
        }
        let mut apps: HashMap<AccountId, Vec<WechatApp>> = HashMap::new();
        let accounts: Vec<AccountId> = people.values().filter_map(|one| one.account).collect();
        if !accounts.is_empty() {
            for identity in store::people::identities(conn, &accounts).await? {
                apps.entry(identity.account_id).or_default().push(identity.app);
            }
        }
        let mobiles =
            if s.sms.is_on() { store::people::with_mobile(conn, staff).await? } else { Vec::new() };
        for (id, person) in &mut people {
            let mine = person.account.and_then(|account| apps.get(&account));
            person.living = mine.into_iter().flatten().filter_map(|app| through(*app)).collect();
            if mobiles.contains(id) {
                person.living.push(Channel::Sms);
            }
        }
        Ok(Self(people))
    }

    /// Returns the ways to one of them; none for somebody who was not asked for.
    pub fn of(&self, staff: StaffId) -> Person {
        self.0.get(&staff).cloned().unwrap_or_default()
    }
}

impl Person {
    /// Lists the channels to try, best first.
    pub fn order(&self) -> Vec<Channel> {
        order(&self.living, &self.said())
    }

    /// Tells whether he put the mini-program before what is there by default: then a consent is
    /// taken for each message, since there is another way if none is left.
    pub fn prefers_mini(&self) -> bool {
        let first = |order: Vec<Channel>| order.first().copied();
        let mini = Some(Channel::MiniSubscribe);
        first(self.order()) == mini && first(order(&self.living, &[])) != mini
    }

    /// Tells what is known of one channel.
    pub fn state(&self, channel: Channel) -> WayState {
        let known = self.known.iter().find(|known| known.channel == Some(channel));
        match known {
            _ if !self.living.contains(&channel) => WayState::Missing,
            Some(known) if known.failed_at.is_some() => WayState::Failed,
            Some(known) if known.proven_at.is_some() => WayState::Proven,
            _ => WayState::Untried,
        }
    }

    fn said(&self) -> Vec<Said> {
        let said = |known: &Known| {
            Some(Said {
                channel: known.channel?,
                position: known.position,
                proven: known.proven_at.is_some(),
                failed: known.failed_at.is_some(),
            })
        };
        self.known.iter().filter_map(said).collect()
    }
}

/// Returns the channel that leads through an app.
fn through(app: WechatApp) -> Option<Channel> {
    DEFAULT_ORDER.iter().copied().find(|way| letter::app(*way) == Some(app))
}

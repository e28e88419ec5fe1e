//! Which channels lead to members of staff, in the order in which they are to be tried.

use std::collections::HashMap;
use std::time::Duration;

use entity::kinds::{AccountId, Channel, NoticeKind, StaffId, WayState};
use sea_orm::ConnectionTrait;

use crate::app::case::tell;
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
    /// He allows a subscribe message as they are sent to staff.
    pub allows: bool,
}

impl Ways {
    /// Reads the ways to people, with one query for all of them.
    pub async fn load(
        s: &Services,
        conn: &impl ConnectionTrait,
        staff: &[StaffId],
    ) -> Result<Self> {
        let template = tell::template(s, NoticeKind::NewCase, Channel::MiniSubscribe);
        let mut people: HashMap<StaffId, Person> = HashMap::new();
        for known in store::channel::known(conn, staff, template).await? {
            let person = people.entry(known.staff_id).or_insert_with(|| Person::of(s, &known));
            if known.channel.is_some() {
                person.known.push(known);
            }
        }
        Ok(Self(people))
    }

    /// Reads the ways to those that are not known yet.
    pub async fn complete(
        mut self,
        s: &Services,
        conn: &impl ConnectionTrait,
        staff: impl IntoIterator<Item = StaffId>,
    ) -> Result<Self> {
        let unknown = staff.into_iter().filter(|id| !self.0.contains_key(id));
        let unknown: Vec<StaffId> = unknown.collect();
        if !unknown.is_empty() {
            self.0.extend(Self::load(s, conn, &unknown).await?.0);
        }
        Ok(self)
    }

    /// Returns the ways to one of them; none for somebody who was not asked for.
    pub fn of(&self, staff: StaffId) -> Person {
        self.0.get(&staff).cloned().unwrap_or_default()
    }
}

impl Person {
    fn of(s: &Services, known: &Known) -> Self {
        let now = s.clock.now();
        let refused = known.employee_dead_at.is_some_and(|at| now.since(at) < NOT_EMPLOYED);
        let leads = |way: &Channel| match way {
            Channel::OaTemplate => known.follows,
            Channel::MiniSubscribe => known.in_mini,
            Channel::Sms => known.has_mobile,
            Channel::WecomCard => known.in_wecom,
            Channel::Employee => known.in_mini && !refused,
            Channel::Inbox => false,
        };
        Self {
            account: known.account_id,
            living: offered(s).filter(leads).collect(),
            known: Vec::new(),
            allows: known.allows,
        }
    }

    /// Lists the channels to try, best first.
    pub fn order(&self) -> Vec<Channel> {
        order(&self.living, &self.said())
    }

    /// Lists the channels that would carry a message of this kind to him now, best first: the
    /// platform still has its template, and where it costs a consent he has one.
    pub fn usable(&self, s: &Services, kind: NoticeKind) -> impl Iterator<Item = Channel> {
        let allows = self.allows;
        self.open(s, kind).filter(move |way| allows || *way != Channel::MiniSubscribe)
    }

    /// Lists the channels whose templates the platform still has, best first.
    pub fn open(&self, s: &Services, kind: NoticeKind) -> impl Iterator<Item = Channel> {
        self.order().into_iter().filter(move |way| s.gate.is_open(*way, kind))
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

/// Lists the channels that the street has, in the usual order: what it does not have needs nobody's
/// registration.
pub fn offered(s: &Services) -> impl Iterator<Item = Channel> {
    let open = |way: &Channel| match way {
        Channel::Sms => s.sms.is_on(),
        Channel::WecomCard => s.wecom.sends(),
        Channel::Employee => !s.settings.templates.staff_employee.is_empty(),
        Channel::OaTemplate | Channel::MiniSubscribe | Channel::Inbox => true,
    };
    DEFAULT_ORDER.iter().copied().filter(open)
}

/// How long somebody is not tried as an employee after WeChat said that he is none.
pub const NOT_EMPLOYED: Duration = Duration::from_hours(24);

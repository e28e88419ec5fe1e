//! Which channels lead to members of staff, in the order in which they are to be tried.

use std::collections::HashMap;
use std::time::Duration;

use entity::kinds::{AccountId, Channel, NoticeKind, StaffId, WayState, WechatApp};
use sea_orm::ConnectionTrait;

use super::consent;
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
        let in_mini = apps.iter().filter(|(_, apps)| apps.contains(&WechatApp::Mini));
        let in_mini: Vec<AccountId> = in_mini.map(|(account, _)| *account).collect();
        let allowing = consent::allowing(s, conn, &in_mini, NoticeKind::NewCase).await?;
        let mobiles = mobiles(s, conn, staff).await?;
        let members = wecom_members(s, conn, staff).await?;
        let employed = employed(s, conn, staff).await?;
        for (id, person) in &mut people {
            let mine = person.account.and_then(|account| apps.get(&account));
            person.living = mine.into_iter().flatten().filter_map(|app| through(*app)).collect();
            person.allows = person.account.is_some_and(|account| allowing.contains(&account));
            let in_mini = person.living.contains(&Channel::MiniSubscribe);
            for (way, leads) in [
                (Channel::Sms, mobiles.contains(id)),
                (Channel::WecomCard, members.contains(id)),
                (Channel::Employee, in_mini && employed.contains(id)),
            ] {
                person.living.extend(leads.then_some(way));
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

/// Lists those of the staff to whom text messages may be sent.
pub async fn mobiles(
    s: &Services,
    conn: &impl ConnectionTrait,
    staff: &[StaffId],
) -> Result<Vec<StaffId>> {
    if !s.sms.is_on() {
        return Ok(Vec::new());
    }
    Ok(store::people::with_mobile(conn, staff).await?)
}

/// Lists those of the staff to whom cards of WeCom may be sent.
pub async fn wecom_members(
    s: &Services,
    conn: &impl ConnectionTrait,
    staff: &[StaffId],
) -> Result<Vec<StaffId>> {
    if !s.wecom.sends() {
        return Ok(Vec::new());
    }
    Ok(store::wecom::members(conn, staff).await?)
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

/// Lists those of the staff to whom an employee message may be sent, as far as we know.
async fn employed(
    s: &Services,
    conn: &impl ConnectionTrait,
    staff: &[StaffId],
) -> Result<Vec<StaffId>> {
    if s.settings.templates.staff_employee.is_empty() {
        return Ok(Vec::new());
    }
    let now = s.clock.now();
    let refused = |at| now.since(at) < NOT_EMPLOYED;
    let rows = store::people::staff(conn, staff).await?.into_iter();
    Ok(rows.filter(|row| !row.employee_dead_at.is_some_and(refused)).map(|row| row.id).collect())
}

/// Returns the channel that leads through an app to everybody who has it.
const fn through(app: WechatApp) -> Option<Channel> {
    match app {
        WechatApp::Oa => Some(Channel::OaTemplate),
        WechatApp::Mini => Some(Channel::MiniSubscribe),
        WechatApp::Wecom => None,
    }
}

//! Many notices at once: those about which there is nothing to decide are made ready, and recorded
//! when WeChat took them over, in one unit. All others go their way one by one (`send`).

use std::collections::{HashMap, HashSet};

use entity::kinds::{CaseId, JobId, NoticeId, NoticeState, Timestamp};
use entity::{cases, notice};

use super::consent::{self, Cost};
use super::ending;
use super::hold;
use super::letter::{self, Address, Letter};
use crate::app::case::change::Change;
use crate::error::Result;
use crate::services::Services;
use crate::store;
use crate::store::writer::Tx;

/// A notice that WeChat took over, and the job under whose lease it was sent.
#[derive(Clone, Debug)]
pub struct Accepted {
    pub letter: Letter,
    pub msgid: Option<i64>,
    pub job: JobId,
    pub fence: i64,
}

/// Makes notices ready to leave: they are marked as being sent, which is committed when this
/// returns. A notice that is missing in the answer is not touched.
pub async fn prepare(s: &Services, ids: Vec<NoticeId>) -> Result<HashMap<NoticeId, Letter>> {
    let (services, now, wanted) = (s.clone(), s.clock.now(), ids.clone());
    let unit =
        s.writer.commit(move |tx| Box::pin(async move { mark(&services, tx, &wanted, now).await }));
    let marked = unit.await;
    letter::settled(s, marked, (&ids, now)).await
}

async fn mark(
    s: &Services,
    tx: &Tx,
    ids: &[NoticeId],
    now: Timestamp,
) -> Result<HashMap<NoticeId, Letter>> {
    let mut planned = store::notice::find_all(tx, ids).await?;
    planned.retain(|notice| notice.state == NoticeState::Planned);
    let cases: Vec<CaseId> = planned.iter().map(|notice| notice.case_id).collect();
    let cases = by_id(store::case::find_unlocked(tx, &cases).await?);
    let accounts: Vec<_> = planned.iter().filter_map(|notice| notice.account_id).collect();
    let identities = store::people::identities(tx, &accounts).await?;
    let staff: Vec<_> = planned.iter().filter_map(|notice| notice.staff_id).collect();
    let bound = store::people::bound(tx, &staff).await?;
    let is_his = |notice: &notice::Model| {
        notice.staff_id.zip(notice.account_id).is_none_or(|pair| bound.contains(&pair))
    };
    let urgency = |notice: &notice::Model| cases.get(&notice.case_id).map(|case| case.urgency);
    let urgencies: Vec<_> = planned.iter().filter_map(|one| Some((one, urgency(one)?))).collect();
    let crowded = hold::crowded(s, tx, &urgencies, now).await?;
    let mut letters = HashMap::new();
    for notice in planned {
        let Some(case) = cases.get(&notice.case_id) else { continue };
        // The newest identity of the app, as `store::people::identity` gives it.
        let found = identities.iter().rev().find(|one| {
            Some(one.account_id) == notice.account_id
                && letter::app(notice.channel) == Some(one.app)
        });
        let free = hold::is_free(s, case.urgency, &notice, now) && !crowded.contains(&notice.id);
        let plain = free && is_his(&notice) && letter::is_plain(s, case, &notice);
        if let Some(to) = found.filter(|_| plain) {
            let id = notice.id;
            // One that cannot be opened finds its end by itself.
            if let Ok(letter) =
                letter::write(s, case, notice, (Address::Openid(to.openid.clone()), now))
            {
                letters.insert(id, letter);
            }
        }
    }
    let costs = pay(s, tx, &mut letters).await?;
    let wanted: Vec<NoticeId> = letters.keys().copied().collect();
    let marked: HashSet<NoticeId> =
        store::notice::set_all_sending(tx, &wanted, now).await?.into_iter().collect();
    letters.retain(|id, _| marked.contains(id));
    for (_, cost) in costs.iter().filter(|(id, _)| !marked.contains(id)) {
        consent::give_back(s, tx, cost, now).await?;
    }
    Ok(letters)
}

/// Takes the consents that letters cost, and leaves those that nobody paid for to go by themselves:
/// without a consent, or a second one to the same person.
async fn pay(
    s: &Services,
    tx: &Tx,
    letters: &mut HashMap<NoticeId, Letter>,
) -> Result<HashMap<NoticeId, Cost>> {
    let mut first: HashMap<Cost, NoticeId> = HashMap::new();
    for (id, letter) in letters.iter() {
        if let Some(cost) = letter.cost(s) {
            let oldest = first.entry(cost).or_insert(*id);
            *oldest = (*oldest).min(*id);
        }
    }
    let taken = consent::take_all(s, tx, first.keys().cloned().collect()).await?;
    let paid: HashMap<NoticeId, Cost> = first
        .into_iter()
        .filter(|(cost, _)| taken.contains(cost))
        .map(|(cost, id)| (id, cost))
        .collect();
    letters.retain(|id, letter| letter.cost(s).is_none() || paid.contains_key(id));
    Ok(paid)
}

fn by_id(cases: Vec<cases::Model>) -> HashMap<CaseId, cases::Model> {
    cases.into_iter().map(|case| (case.id, case)).collect()
}

/// What became of a recording.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// Jobs whose notice is recorded; the others are untouched and recorded one by one.
    pub jobs: HashSet<JobId>,
    /// Those of them that are done as well; the rest had lost their lease.
    pub done: HashSet<JobId>,
}

/// Records accepted notices and finishes their jobs in one unit, except where somebody holds the
/// case at this moment.
pub async fn record(s: &Services, accepted: Vec<Accepted>) -> Result<Recorded> {
    let (services, now) = (s.clone(), s.clock.now());
    s.writer
        .commit(move |tx| Box::pin(async move { write(&services, tx, accepted, now).await }))
        .await
}

async fn write(s: &Services, tx: &Tx, accepted: Vec<Accepted>, now: Timestamp) -> Result<Recorded> {
    let ids: Vec<CaseId> = accepted.iter().map(|one| one.letter.notice.case_id).collect();
    let mut changes: HashMap<CaseId, Change> = store::case::find_unlocked(tx, &ids)
        .await?
        .into_iter()
        .map(|case| (case.id, Change::new(s, case, now)))
        .collect();
    let free = accepted.iter().filter(|one| changes.contains_key(&one.letter.notice.case_id));
    let free: Vec<&Accepted> = free.collect();
    let taken: Vec<_> = free.iter().map(|one| (one.letter.notice.id, one.msgid)).collect();
    let ended: HashSet<NoticeId> =
        store::notice::accept_all(tx, &taken, now).await?.into_iter().collect();
    let mut leases = Vec::with_capacity(free.len());
    for one in free {
        let notice = &one.letter.notice;
        let Some(change) = changes.get_mut(&notice.case_id) else { continue };
        if ended.contains(&notice.id) {
            ending::taken_over(change, notice, one.msgid)?;
        }
        leases.push((one.job, one.fence));
    }
    Change::store_all_observed(changes.into_values().collect(), tx).await?;
    let done = store::job::finish_done(tx, &leases, now).await?.into_iter().collect();
    Ok(Recorded { jobs: leases.into_iter().map(|(job, _)| job).collect(), done })
}

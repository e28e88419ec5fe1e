//! One change of one case inside one unit of writes.
//!
//! A verb loads the case into a `Change`, edits it, says what happened and whom to tell, and calls
//! [`Change::store`], which lets the escalation settle and then writes everything. What was not
//! stored did not happen.

use std::iter;

use entity::cases;
use entity::kinds::{ActorRole, CaseId, CaseState, EventType, NoticeKind, StaffId, Timestamp};
use serde_json::Value;

use super::behind;
use super::ledger::{self, Happened};
use super::reconcile;
use super::tell::{self, News, Planned, To};
use crate::app::actor::Actor;
use crate::app::notice::ways::Ways;
use crate::app::notice::{card, robot};
use crate::domain::case::number::CaseNumber;
use crate::domain::escalation::Snapshot;
use crate::domain::notice::Part;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::batch::{Batch, take_ids};
use crate::store::event::NewEvent;
use crate::store::job::NewJob;
use crate::store::writer::Tx;
use crate::store::{self};

/// A case being changed.
#[derive(Debug)]
pub struct Change {
    pub s: Services,
    pub case: cases::Model,
    pub now: Timestamp,
    /// The version that the row must still have.
    seen: i32,
    /// The last event that the row must still have.
    seen_seq: i32,
    events: Vec<NewEvent>,
    notices: Vec<Planned>,
    /// About other cases.
    beside: Vec<(cases::Model, Vec<Planned>)>,
    cancel_planned: bool,
    /// Rounds and steps of the chain that tell the street's command.
    alarms: Vec<(u32, u32)>,
    by_engine: bool,
    /// Of the request that asked for it.
    trace: Option<String>,
}

impl Change {
    /// Begins a change of a stored case.
    pub fn new(s: &Services, case: cases::Model, now: Timestamp) -> Self {
        let (seen, seen_seq) = (case.version, case.last_seq);
        Self {
            s: s.clone(),
            case,
            now,
            seen,
            seen_seq,
            events: Vec::new(),
            notices: Vec::new(),
            beside: Vec::new(),
            cancel_planned: false,
            alarms: Vec::new(),
            by_engine: false,
            trace: crate::telemetry::trace_id(),
        }
    }

    /// Says which request asked for it, where that one is not at hand any more.
    #[must_use]
    pub fn traced(self, trace: Option<String>) -> Self {
        Self { trace, ..self }
    }

    /// Begins a change that no person asked for: its version is raised only when the state moves.
    pub fn by_engine(s: &Services, case: cases::Model, now: Timestamp) -> Self {
        Self { by_engine: true, ..Self::new(s, case, now) }
    }

    /// Appends an event by a person.
    pub fn happened(
        &mut self,
        actor: &Actor,
        role: ActorRole,
        kind: EventType,
        payload: Value,
    ) -> Result<()> {
        self.append(Happened { kind, actor: Some(actor.account), role, payload })
    }

    /// Appends an event by the system.
    pub fn observed(&mut self, kind: EventType, payload: Value) -> Result<()> {
        self.append(Happened { kind, actor: None, role: ActorRole::System, payload })
    }

    fn append(&mut self, happened: Happened) -> Result<()> {
        let event = ledger::append(&self.s, &mut self.case, happened, self.now)?;
        self.events.push(event);
        Ok(())
    }

    /// Plans a message.
    pub fn tell(&mut self, planned: Planned) {
        self.notices.push(planned);
    }

    /// Plans that the group robots tell of a step, as it reaches the command.
    pub fn alarm(&mut self, round: u32, step: u32) {
        self.alarms.push((round, step));
    }

    /// Lists what is planned so far about this case.
    pub fn planned(&self) -> &[Planned] {
        &self.notices
    }

    /// Plans a message to the resident; sent if he consented to this kind.
    pub fn tell_resident(&mut self, kind: NoticeKind, note: impl Into<String>) {
        self.tell_outside(To::Resident, kind, note.into());
    }

    /// Plans one message for each of these people, outside the steps of the chain.
    pub fn tell_staff(&mut self, people: &[StaffId], kind: NoticeKind, note: &str) {
        for &staff in people {
            self.tell_outside(To::Staff(staff), kind, note.to_owned());
        }
    }

    /// Puts an entry into the inboxes of these people, and sends nothing.
    pub fn note_staff(&mut self, people: &[StaffId], kind: NoticeKind, note: &str) {
        let caused = (self.round(), Part::Event(kind, i64::from(self.case.last_seq)));
        for &staff in people {
            self.tell(Planned::new(To::Staff(staff), kind, caused, note.to_owned()).quiet());
        }
    }

    /// Plans messages about another case, which itself does not change.
    pub fn tell_beside(&mut self, other: cases::Model, planned: Vec<Planned>) {
        self.beside.push((other, planned));
    }

    fn tell_outside(&mut self, to: To, kind: NoticeKind, note: String) {
        // The event that causes it makes the key: two reminders are two messages.
        let caused = (self.round(), Part::Event(kind, i64::from(self.case.last_seq)));
        self.tell(Planned::new(to, kind, caused, note));
    }

    /// Takes away a rest that was asked for: it was decided about, or there is nothing left to stop.
    pub const fn forget_pause(&mut self) {
        self.case.pause_reason = None;
        self.case.pause_until = None;
        self.case.pause_by = None;
    }

    /// Cancels every notice to staff that is planned and not yet on its way.
    pub fn cancel_planned(&mut self) {
        self.cancel_planned = true;
    }

    /// Returns the running round of the chain.
    pub fn round(&self) -> u32 {
        u32::try_from(self.case.escalation_round).unwrap_or(0)
    }

    /// Reads the frozen chain and people.
    pub fn snapshot(&self) -> Result<Snapshot> {
        serde_json::from_str(&self.case.snapshot).map_err(Error::internal)
    }

    /// Freezes a new chain and starts it now, in a round of its own.
    pub fn start_chain(&mut self, snapshot: &Snapshot) -> Result<()> {
        self.case.snapshot = serde_json::to_string(snapshot).map_err(Error::internal)?;
        // What the old chain told under a clock that was put back since lies before the new one.
        let ahead = self.case.last_event_at.is_ahead_of(self.now);
        self.case.escalation_base =
            if ahead { ledger::next_at(&self.case, self.now) } else { self.now };
        self.case.escalation_round += 1;
        self.case.escalation_step = None;
        self.case.stepped_at = None;
        self.case.ack_reminded = false;
        self.cancel_planned();
        Ok(())
    }

    /// Lets the escalation settle, then writes events, case, notices and jobs. Fails with
    /// `version_conflict` when somebody changed the case since it was loaded.
    pub async fn store(mut self, tx: &Tx) -> Result<cases::Model> {
        let before = self.case.state;
        reconcile::settle(&mut self, tx).await?;
        if self.case.state != CaseState::Resolved && self.case.next_check_at.is_none() {
            self.cancel_planned = true;
        }
        if self.case.state != CaseState::InProgress {
            self.forget_pause();
        }
        // A step of the chain is no reason to refuse a worker who saw the case a second ago.
        let visible = !self.by_engine || self.case.state != before;
        self.case.version = self.seen + i32::from(visible);
        let written = store::case::update(tx, self.case.clone(), self.seen).await?;
        if !written {
            return Err(Error::new(Code::VersionConflict, "内容已被他人更新，请刷新后再试"));
        }
        self.store_rest(tx).await
    }

    /// Asks the engine to look at the case now, if anything still waits in it.
    pub fn look_now(&mut self) {
        self.case.next_check_at = self.case.next_check_at.map(|_later| self.now);
    }

    /// Writes events and what they observe (first push, content check, next look) and leaves the
    /// version alone: that a message arrived must not refuse the answer to it. The row must have
    /// been locked when it was loaded; fails with `version_conflict` when it was not.
    pub async fn store_observed(self, tx: &Tx) -> Result<cases::Model> {
        let case = self.case.clone();
        Self::store_all_observed(vec![self], tx).await?;
        Ok(case)
    }

    /// The same for several cases, which are written together.
    pub async fn store_all_observed(changes: Vec<Self>, tx: &Tx) -> Result<()> {
        let seen: Vec<_> = changes.iter().map(|one| (&one.case, one.seen_seq)).collect();
        if !store::case::observe(tx, &seen).await? {
            return Err(Error::new(Code::VersionConflict, "内容已被他人更新，请刷新后再试"));
        }
        let events = changes.into_iter().map(|one| (one.case.id, one.events)).collect();
        store::event::append_all(tx, events).await?;
        Ok(())
    }

    /// Gives cases that do not exist yet their ids and puts them into a batch, with all that was said
    /// and planned of each. They come back in their order, with the jobs that the caller puts beside
    /// his own; [`Change::write_all_new`] writes them.
    pub async fn put_all_new(
        mut changes: Vec<Self>,
        ways: Ways,
        (tx, batch): (&Tx, &mut Batch),
    ) -> Result<(Vec<Self>, Vec<NewJob>)> {
        for change in &mut changes {
            reconcile::settle(change, tx).await?;
        }
        let all = |of: fn(&Self) -> usize| changes.iter().map(of).sum();
        let wanted = [
            ("cases", changes.len()),
            ("case_event", all(|change| change.events.len())),
            ("notice", all(|change| change.notices.len())),
        ];
        let [cases, events, notices] = take_ids(tx, wanted).await?;
        for (change, id) in changes.iter_mut().zip(cases) {
            change.case.id = CaseId(id);
        }
        store::case::put_all(batch, changes.iter().map(|change| &change.case))?;
        let said = changes.iter_mut().map(|one| (one.case.id, std::mem::take(&mut one.events)));
        store::event::put_all(batch, said, events)?;
        let news: Vec<News<'_>> = changes.iter().map(Self::news).collect();
        let jobs = match changes.first() {
            Some(Self { s, now, .. }) => {
                tell::put_all_new(s, (tx, batch), (&news, ways, notices), *now).await?
            }
            None => Vec::new(),
        };
        Ok((changes, jobs))
    }

    /// Writes the batch into which cases were put, and lets group robots say what it tells the
    /// street's command.
    pub async fn write_all_new(changes: &[Self], batch: Batch, tx: &Tx) -> Result<()> {
        batch.execute(tx).await?;
        for change in changes {
            change.sound(tx).await?;
        }
        Ok(())
    }

    async fn store_rest(mut self, tx: &Tx) -> Result<cases::Model> {
        store::event::append(tx, self.case.id, std::mem::take(&mut self.events)).await?;
        if self.cancel_planned {
            store::notice::cancel_planned(tx, self.case.id, self.now).await?;
            card::close(&self.s, tx, self.case.id, self.now).await?;
        }
        behind::tell(&mut self, tx).await?;
        let trace = self.trace.as_deref();
        let beside = self.beside.iter().map(|(case, planned)| News { case, planned, trace });
        let news: Vec<News<'_>> = iter::once(self.news()).chain(beside).collect();
        let jobs = tell::store_all(&self.s, tx, &news, self.now).await?;
        store::job::enqueue(tx, jobs, self.now).await?;
        self.sound(tx).await?;
        Ok(self.case)
    }

    /// Gives a case that is about to be written its number.
    pub fn numbered(mut self, number: &CaseNumber) -> Result<Self> {
        self.case.number = number.to_string();
        ledger::chain(&mut self.case, &mut self.events)?;
        Ok(self)
    }

    /// Lets group robots say what is told to the street's command.
    async fn sound(&self, tx: &Tx) -> Result<()> {
        for &step in &self.alarms {
            robot::plan(&self.s, tx, &self.case, step, self.now).await?;
        }
        Ok(())
    }

    fn news(&self) -> News<'_> {
        News { case: &self.case, planned: &self.notices, trace: self.trace.as_deref() }
    }
}

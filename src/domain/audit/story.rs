//! One case as its ledger tells it: the time stamps t0 to t10 (domain §5.2), its cycles, pauses and
//! turns. Nothing else than the events makes it; who reads them again gets the same.

use entity::kinds::{ActorRole, CaseState, ContactOutcome, EventType, ExclusionGround, Timestamp};

pub use super::cycle::{Answer, Begun, Cycle, Held, Quiet, Said, Taken, Taking};
use super::facts::{Fact, Facts, Promised, Told};
use crate::domain::calendar::pause::Pause;

/// The facts of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// t0
    pub reported: Timestamp,
    pub promised: Option<Promised>,
    pub acknowledge_due: Option<Timestamp>,
    pub held_by: Held,
    /// The same, if whoever took it kept it when that was withdrawn, and a case that went to the
    /// triage desk to be looked at stayed where it lay: until the fourth edition it was so.
    pub held_before: Held,
    /// The first acknowledgement, while it stands; a later person's that is withdrawn leaves it.
    pub taken: Taken,
    /// Where it lay and with whom when it was taken, as [`Self::held_before`] tells it.
    pub taken_from: Option<Held>,
    /// The same, if any withdrawal took it back: figures of before were defined so.
    pub taken_before: Taken,
    /// t1
    pub located: Option<Timestamp>,
    /// t2
    pub assigned: Option<Timestamp>,
    /// t3a, to the responsible set.
    pub pushed: Option<Timestamp>,
    /// Whether the first push to the responsible set was refused.
    pub first_refused: Option<bool>,
    /// t3c, by somebody who answers for it.
    pub opened: Option<Timestamp>,
    /// The same, also before a message arrived: whoever found it in his list has read it.
    pub read: Option<Timestamp>,
    /// The first opening of all, also by whoever placed it: M3 was defined so.
    pub opened_before: Option<Timestamp>,
    /// In their order; never empty.
    pub cycles: Vec<Cycle>,
    /// How and when it ended, while it has.
    pub ended: Option<(CaseState, Timestamp)>,
    /// From each end until the case came back: nobody had it.
    pub away: Vec<Pause>,
    pub reopened: Vec<Timestamp>,
    /// t10, whatever the resident said.
    pub called_back: Option<Timestamp>,
    /// The same, if only a callback that found it solved was one: R11 was defined so.
    pub called_back_before: Option<Timestamp>,
    /// A callback after which the case was opened again says that it was not solved.
    pub said: Option<Said>,
    /// The answer, if only the resident's own word could say so: R9 was defined so.
    pub answer_before: Option<Answer>,
    /// Result and attitude, 1 to 5.
    pub marks: Option<(u8, u8)>,
    pub reroutes: u32,
    /// The highest step of the chain that told somebody.
    pub step: u32,
    pub excluded: Option<ExclusionGround>,
    /// Account of whoever reported it.
    pub reporter: Option<i64>,
    /// Each rest as it began.
    pub pauses_begun: Vec<Begun>,
    pub quiet: Quiet,
    /// The same, if nothing was silent between a result and its reopening: M11 was defined so.
    pub quiet_until_result: Quiet,
    /// The same, if a rejected case that was appealed was silent meanwhile too: the first of all.
    pub quiet_before: Quiet,
    held: Option<Timestamp>,
    /// The primary grid worker who was told last.
    told: Option<i64>,
    /// Whether the acknowledgement that a withdrawal would take back is the first.
    only_taker: bool,
    /// Every acknowledgement, in their order.
    takings: Vec<Taking>,
    /// Whether the last of them stands: nobody withdrew it, and the case went to nobody else.
    stands: bool,
}

/// What the resident sees happen; other entries break no silence.
const SEEN: &[EventType] = &[
    EventType::Assigned,
    EventType::Acknowledged,
    EventType::ContactAttempted,
    EventType::Contacted,
    EventType::Updated,
    EventType::Held,
    EventType::Resumed,
    EventType::Resolved,
    EventType::Returned,
    EventType::Transferred,
    EventType::Rejected,
    EventType::Diverted,
];

const fn instant(micros: Option<i64>) -> Option<Timestamp> {
    match micros {
        Some(micros) => Some(Timestamp(micros)),
        None => None,
    }
}

impl Story {
    /// Reads a case's events in the order of its ledger; `None` when it has none.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Fact>) -> Option<Self> {
        let mut events = events.into_iter();
        let first = events.next()?;
        let mut story = Self::begin(first.at);
        story.note(first);
        for event in events {
            story.note(event);
        }
        Some(story)
    }

    fn begin(at: Timestamp) -> Self {
        Self {
            reported: at,
            promised: None,
            acknowledge_due: None,
            held_by: Held::default(),
            held_before: Held::default(),
            taken: Taken::default(),
            taken_from: None,
            taken_before: Taken::default(),
            located: None,
            assigned: None,
            pushed: None,
            first_refused: None,
            opened: None,
            read: None,
            opened_before: None,
            cycles: vec![Cycle::new(at)],
            ended: None,
            away: Vec::new(),
            reopened: Vec::new(),
            called_back: None,
            called_back_before: None,
            said: None,
            answer_before: None,
            marks: None,
            reroutes: 0,
            step: 0,
            excluded: None,
            reporter: None,
            pauses_begun: Vec::new(),
            quiet: Quiet { last_word: at, longest: None },
            quiet_until_result: Quiet { last_word: at, longest: None },
            quiet_before: Quiet { last_word: at, longest: None },
            held: None,
            told: None,
            only_taker: false,
            takings: Vec::new(),
            stands: false,
        }
    }

    /// The present cycle.
    pub fn cycle(&self) -> Option<&Cycle> {
        self.cycles.last()
    }

    /// The cycle by which the case was done: the first that was closed, else the present one.
    pub fn settling(&self) -> Option<&Cycle> {
        self.cycles.iter().find(|cycle| cycle.closed.is_some()).or_else(|| self.cycle())
    }

    /// The cycle that is judged by its due time: the first that was closed or whose result came too
    /// late, else the present one; so what was judged once stays as it was, and no reopening takes a
    /// late result out of its month.
    pub fn judged(&self) -> Option<&Cycle> {
        let decided = |cycle: &&Cycle| cycle.closed.is_some() || cycle.is_late();
        self.cycles.iter().find(decided).or_else(|| self.cycle())
    }

    /// When it was closed for the first time, whatever came afterwards.
    pub fn first_closed(&self) -> Option<Timestamp> {
        self.cycles.iter().find_map(|cycle| cycle.closed)
    }

    /// When it was closed, while it is.
    pub fn closed(&self) -> Option<Timestamp> {
        self.ended.filter(|(state, _)| *state == CaseState::Closed).map(|(_, at)| at)
    }

    /// How it ended other than by being closed, and when.
    pub fn left(&self) -> Option<(CaseState, Timestamp)> {
        self.ended.filter(|(state, _)| *state != CaseState::Closed)
    }

    /// Every rest of the case, one that still runs until `now`.
    pub fn pauses(&self, now: Timestamp) -> Vec<Pause> {
        let over = self.cycles.iter().flat_map(|cycle| cycle.pauses.iter().copied());
        let until = self.ended.map_or(now, |(_, at)| at);
        over.chain(self.held.map(|from| Pause { from, to: until })).collect()
    }

    /// Takes in the next event of the case.
    pub fn note(&mut self, event: &Fact) {
        self.promise(&event.facts);
        self.route(event);
        self.reach(event);
        self.end(event);
        self.rest(event);
        if SEEN.contains(&event.kind) && event.role != ActorRole::Resident {
            self.break_silence(event.at);
        }
        match event.kind {
            EventType::Reported => self.reporter = self.reporter.or(event.actor),
            EventType::Escalated => self.step = self.step.max(event.facts.step.unwrap_or(0)),
            EventType::Excluded => self.excluded = event.facts.ground,
            EventType::ExclusionWithdrawn => self.excluded = None,
            _ => {}
        }
    }

    /// Notes what is promised and where the case lies, whichever event says so.
    fn promise(&mut self, facts: &Facts) {
        if self.promised.is_none() {
            self.promised.clone_from(&facts.promised);
        }
        self.acknowledge_due = instant(facts.acknowledge_due).or(self.acknowledge_due);
        for held in [&mut self.held_by, &mut self.held_before] {
            if facts.grid_code.is_some() {
                held.grid.clone_from(&facts.grid_code);
            }
            if facts.community.is_some() {
                held.community.clone_from(&facts.community);
            }
        }
    }

    fn route(&mut self, event: &Fact) {
        match event.kind {
            EventType::Located => self.located = self.located.or(Some(event.at)),
            EventType::Assigned => {
                self.located = self.located.or(Some(event.at));
                self.assigned = self.assigned.or(Some(event.at));
                self.tell(&event.facts.people);
            }
            EventType::Transferred => {
                self.reroutes += 1;
                self.tell(&event.facts.people);
            }
            EventType::Returned => {
                self.reroutes += 1;
                (self.held_before.grid, self.held_before.person) = (None, None);
                self.let_go();
            }
            // A case that nobody had yet has no place to leave.
            EventType::SentToTriage if self.assigned.is_some() => self.let_go(),
            _ => {}
        }
    }

    fn tell(&mut self, people: &[Told]) {
        (self.told, self.stands) = (primary(people), false);
        (self.held_by.person, self.held_before.person) = (self.told, self.told);
    }

    fn let_go(&mut self) {
        (self.told, self.stands) = (None, false);
        (self.held_by.grid, self.held_by.person) = (None, None);
    }

    fn reach(&mut self, event: &Fact) {
        let (at, facts) = (event.at, &event.facts);
        match event.kind {
            EventType::Pushed if facts.first => {
                self.pushed = self.pushed.or(Some(at));
                self.first_refused = self.first_refused.or(Some(false));
            }
            EventType::PushFailed if facts.first => {
                self.first_refused = self.first_refused.or(Some(true));
            }
            EventType::Opened => self.open(event),
            EventType::Acknowledged => self.take(event),
            EventType::Unacknowledged => {
                (self.held_by.person, self.stands) = (self.told, false);
                self.taken_before = Taken::default();
                if self.only_taker {
                    (self.taken, self.taken_from) = (Taken::default(), None);
                }
            }
            EventType::ContactAttempted | EventType::Contacted => self.contact(event),
            _ => {}
        }
    }

    /// Whoever opens a case to place it reads it for nobody.
    fn open(&mut self, event: &Fact) {
        let at = Some(event.at);
        self.opened_before = self.opened_before.or(at);
        if answers(event.role) && self.assigned.is_some() {
            self.read = self.read.or(at);
            self.opened = self.opened.or(at.filter(|_| self.pushed.is_some()));
        }
    }

    fn take(&mut self, event: &Fact) {
        self.only_taker = self.taken.at.is_none();
        for held in [&mut self.held_by, &mut self.held_before] {
            held.person = event.facts.staff.or(held.person);
        }
        let (at, account, staff) = (event.at, event.actor, self.held_by.person);
        self.takings.push(Taking { at, account, staff });
        self.stands = true;
        self.taken_from.get_or_insert_with(|| self.held_before.clone());
        let both = [(&mut self.taken, &self.held_by), (&mut self.taken_before, &self.held_before)];
        for (taken, held) in both {
            taken.at = taken.at.or(Some(event.at));
            taken.held.get_or_insert_with(|| held.clone());
        }
    }

    fn contact(&mut self, event: &Fact) {
        let (at, level) = (Some(event.at), event.facts.evidence_level.unwrap_or(1));
        let Some(cycle) = self.cycles.last_mut() else { return };
        cycle.attempted = cycle.attempted.or(at);
        if event.kind == EventType::Contacted {
            cycle.contacted = cycle.contacted.or(at);
            cycle.vouched = cycle.vouched.or(at.filter(|_| level >= 2));
        }
    }

    fn end(&mut self, event: &Fact) {
        let at = event.at;
        match event.kind {
            EventType::Resolved => self.resolve(event),
            EventType::Confirmed => {
                self.say(Answer::Solved);
                self.mark(&event.facts);
                self.close(at);
            }
            EventType::Rated => self.mark(&event.facts),
            EventType::Verified => {
                if event.facts.outcome == Some(ContactOutcome::Reached) {
                    (self.called_back, self.called_back_before) = (Some(at), Some(at));
                    self.say(Answer::Solved);
                }
                self.close(at);
            }
            EventType::AutoClosed => self.close(at),
            EventType::Reopened => self.reopen(event),
            EventType::Rejected | EventType::Diverted => self.leave(CaseState::Rejected, at),
            EventType::Merged => self.leave(CaseState::Merged, at),
            EventType::Cancelled => self.leave(CaseState::Cancelled, at),
            EventType::Appealed => {
                self.come_back(at);
                self.quiet.last_word = at;
                self.quiet_until_result.last_word = at;
            }
            _ => {}
        }
    }

    fn resolve(&mut self, event: &Fact) {
        let Some(cycle) = self.cycles.last_mut() else { return };
        cycle.resolved = Some(event.at);
        cycle.result = event.facts.result_type;
        cycle.by = self.held_by.person;
        let own = |one: &&Taking| one.account.is_some() && one.account == event.actor;
        cycle.resolver = event.actor;
        cycle.resolved_by = self.takings.iter().rev().find(own).and_then(|one| one.staff);
        cycle.taking = self.takings.last().copied().filter(|_| self.stands);
    }

    fn come_back(&mut self, at: Timestamp) {
        self.away.extend(self.ended.take().map(|(_, from)| Pause { from, to: at }));
    }

    fn close(&mut self, at: Timestamp) {
        self.break_silence(at);
        self.ended = Some((CaseState::Closed, at));
        if let Some(cycle) = self.cycles.last_mut() {
            cycle.closed = Some(at);
        }
    }

    fn leave(&mut self, state: CaseState, at: Timestamp) {
        self.break_silence(at);
        self.ended = Some((state, at));
    }

    fn mark(&mut self, facts: &Facts) {
        self.marks = facts.result.zip(facts.attitude).or(self.marks);
    }

    /// Notes what the resident says of the result of the present cycle.
    fn say(&mut self, answer: Answer) {
        let declared = self.cycle().and_then(|cycle| cycle.result);
        self.said = Some(Said { answer, declared });
        self.answer_before = Some(answer);
    }

    fn reopen(&mut self, event: &Fact) {
        let before = self.answer_before;
        match event.role {
            ActorRole::Resident => self.say(Answer::NotSolved),
            // Whoever calls the resident opens a case again on his word alone.
            ActorRole::Verifier => {
                self.called_back = Some(event.at);
                self.say(Answer::NotSolved);
                self.answer_before = before;
            }
            _ => {}
        }
        if self.ended.is_none() {
            self.quiet.end(event.at);
        }
        self.come_back(event.at);
        self.marks = None;
        self.reopened.push(event.at);
        let silences = [&mut self.quiet, &mut self.quiet_until_result, &mut self.quiet_before];
        for quiet in silences {
            quiet.last_word = event.at;
        }
        self.cycles.push(Cycle::new(event.at));
    }

    /// Notes rests and what moves the due times; runs after a reopening has begun its cycle.
    fn rest(&mut self, event: &Fact) {
        let (at, facts, held) = (event.at, &event.facts, self.held);
        let Some(cycle) = self.cycles.last_mut() else { return };
        if event.kind == EventType::Held {
            let (person, role) = (self.held_by.person, event.role);
            let (over, agreed) = (None, false);
            let begun = cycle.resolve_due.map(|due| Begun { at, due, person, role, over, agreed });
            self.pauses_begun.extend(begun);
        }
        cycle.contact_due = instant(facts.contact_due).or(cycle.contact_due);
        cycle.resolve_due = instant(facts.resolve_due).or(cycle.resolve_due);
        match event.kind {
            EventType::Held => self.held = Some(at),
            EventType::Resumed | EventType::Diverted => {
                cycle.pauses.extend(held.map(|from| Pause { from, to: at }));
                self.held = None;
                if let Some(rest) = self.pauses_begun.last_mut() {
                    rest.over = rest.over.or(Some(at));
                }
            }
            EventType::AppointmentAgreed => {
                if let Some(rest) = self.pauses_begun.last_mut() {
                    rest.agreed = true;
                }
            }
            EventType::ExtensionGranted => cycle.extended = true,
            _ => {}
        }
    }

    fn break_silence(&mut self, at: Timestamp) {
        for quiet in [&mut self.quiet, &mut self.quiet_until_result, &mut self.quiet_before] {
            quiet.end(at);
        }
    }
}

/// Tells whether somebody in this capacity answers for a case, so that his opening it is t3c.
pub const fn answers(role: ActorRole) -> bool {
    use ActorRole as R;
    matches!(role, R::Primary | R::Backup | R::Cadre | R::Secretary)
}

fn primary(people: &[Told]) -> Option<i64> {
    people.iter().find_map(|one| match one {
        Told::As(staff, role) if role == ActorRole::Primary.word() => Some(*staff),
        _ => None,
    })
}

//! Several figures over many cases, in groups; what one survey counted can be added to another's.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::definition::{CARDS, Card, Unit};
use super::edition::{self, Defined};
use super::frame::{Dimension, Filter, Frame, Holder};
use super::rollup::anchor::Anchor;
use super::rollup::sum::Sum;
use super::story::Story;
use super::tally::{Finding, Share, Spread, Tally, share};

/// What is asked of every case.
#[derive(Clone, Debug)]
pub struct Plan {
    figures: Vec<Defined>,
    /// Whoever has a case, and whoever took it, as the edition of the figures tells them.
    holders: [Holder; 2],
    by: Dimension,
    filter: Filter,
}

/// The counts of every figure and group so far.
#[derive(Clone, Debug, Default)]
struct Counts {
    /// The place of each group below: it is looked for once for a case and not once for each figure.
    places: BTreeMap<String, usize>,
    /// By the place of the figure in the plan, then by that of the group; what is behind the end, and
    /// what is empty, has no case.
    figures: Vec<Vec<Tally>>,
}

/// One group as it is printed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Empty for the whole, and for cases that have no group.
    pub key: String,
    /// Cases that decide the figure; for lengths, those it happened to and those that wait.
    pub n: u64,
    pub hit: u64,
    pub failed: u64,
    pub open: u64,
    /// Of those that failed: has not happened until now.
    pub undone: u64,
    /// By ground.
    pub excluded: BTreeMap<String, u64>,
    pub share: Option<Share>,
    /// On the wall clock, in microseconds, or counts.
    pub wall: Option<Spread>,
    /// Within the hours of the promise, rests taken off.
    pub work: Option<Spread>,
    /// Those who answer for the cases, where the figure is one of people.
    pub people: Option<u64>,
}

/// One figure as it is printed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub id: String,
    /// Of its definition.
    pub version: u32,
    pub total: Group,
    /// Rates in the order of their lower bounds, the best first; else in the order of their keys, as
    /// months always are.
    pub groups: Vec<Group>,
    /// Rates of so few cases are not ranked: all of them in one.
    pub small: Option<Group>,
    /// Keys of the groups in `small`.
    pub small_keys: Vec<String>,
}

/// A unit with fewer cases is not ranked (domain §5.6).
const RANKED_FROM: u64 = 30;

impl Plan {
    /// Plans figures; `None` when one of the ids is unknown.
    pub fn new(ids: &[&str], by: Dimension, filter: Filter) -> Option<Self> {
        let figures = ids.iter().map(|id| edition::figure(id)).collect::<Option<Vec<_>>>()?;
        Some(Self { figures, holders: [Holder::Now, Holder::Taker], by, filter })
    }

    /// Plans every figure of an edition.
    fn of(edition: u32, by: Dimension) -> Self {
        let figures = edition::of(edition);
        let taker = figures.iter().map(|one| one.holder).find(|one| one.is_taker());
        let holders = [edition::holder(edition), taker.unwrap_or(Holder::Taker)];
        Self { figures, holders, by, filter: Filter::default() }
    }

    /// Tells what each figure says of a case; nothing where the filter leaves it out.
    pub fn judge(&self, story: &Story, frame: &Frame<'_>) -> Vec<Option<Finding>> {
        let lets = self.holders.map(|holder| self.filter.lets(story, holder));
        if lets == [false; 2] {
            return Vec::new();
        }
        let judged = |one: &Defined| of(&lets, one.holder).then(|| (one.rule)(story, frame))?;
        self.figures.iter().map(judged).collect()
    }

    /// Returns the group of a case in the figure at a place of the plan.
    pub fn group(&self, place: usize, story: &Story) -> String {
        let holder = self.figures.get(place).map_or(Holder::Now, |one| one.holder);
        self.by.key(story, holder)
    }

    /// Returns the groups of a case by holder.
    fn groups(&self, story: &Story) -> [String; 2] {
        self.holders.map(|holder| self.by.key(story, holder))
    }
}

/// What there is for a holder.
const fn of<T>([now, taker]: &[T; 2], holder: Holder) -> &T {
    if holder.is_taker() { taker } else { now }
}

impl Counts {
    /// Counts a case that a plan of the same figures judged.
    fn take(&mut self, plan: &Plan, story: &Story, found: &[Option<Finding>]) {
        self.figures.resize_with(plan.figures.len(), Vec::new);
        let places = plan.groups(story).map(|key| self.place(key));
        for ((place, figure), finding) in (0..).zip(&plan.figures).zip(found) {
            let Some(finding) = finding else { continue };
            if let Some(tally) = self.tally(place, *of(&places, figure.holder)) {
                tally.add(finding, figure.card.unit != Unit::Share);
            }
        }
    }

    fn place(&mut self, key: String) -> usize {
        let next = self.places.len();
        *self.places.entry(key).or_insert(next)
    }

    /// Returns what is counted of a figure in a group; `None` for a figure that there is not.
    fn tally(&mut self, figure: usize, group: usize) -> Option<&mut Tally> {
        let tallies = self.figures.get_mut(figure)?;
        if tallies.len() <= group {
            tallies.resize_with(group + 1, Tally::default);
        }
        tallies.get_mut(group)
    }

    fn merge(&mut self, other: Self) {
        self.figures.resize_with(self.figures.len().max(other.figures.len()), Vec::new);
        let mut places = vec![0; other.places.len()];
        for (key, theirs) in other.places {
            if let Some(mine) = places.get_mut(theirs) {
                *mine = self.place(key);
            }
        }
        for (figure, tallies) in other.figures.into_iter().enumerate() {
            for (place, counts) in places.iter().zip(tallies) {
                if let Some(tally) = self.tally(figure, *place) {
                    tally.merge(counts);
                }
            }
        }
    }

    fn print(mut self, plan: &Plan) -> Vec<Figure> {
        self.figures.resize_with(plan.figures.len(), Vec::new);
        let mut figures = Vec::with_capacity(plan.figures.len());
        for (figure, mut tallies) in plan.figures.iter().zip(self.figures) {
            let mut groups = BTreeMap::new();
            for (key, place) in &self.places {
                let tally = tallies.get_mut(*place).map(std::mem::take).unwrap_or_default();
                if tally.all() > 0 {
                    groups.insert(key.clone(), tally);
                }
            }
            figures.push(print(figure.card, plan.by, groups));
        }
        figures
    }
}

/// What settled cases add to the figures of a survey of one division.
#[derive(Clone, Debug, Default)]
pub struct Settled {
    /// By the place of the figure in the plan, then by group.
    groups: Vec<BTreeMap<String, Sum>>,
}

impl Settled {
    /// Takes in what others counted in the same plan.
    pub fn merge(&mut self, other: Self) {
        self.groups.resize_with(self.groups.len().max(other.groups.len()), BTreeMap::new);
        for (mine, theirs) in self.groups.iter_mut().zip(other.groups) {
            for (key, sum) in theirs {
                mine.entry(key).or_default().merge(&sum);
            }
        }
    }
}

/// Figures in several divisions, each case judged once. Whoever hands it the stories of the same
/// ledger gets the same figures, whatever their order.
#[derive(Clone, Debug)]
pub struct Survey {
    plans: Arc<Vec<Plan>>,
    counts: Vec<Counts>,
}

impl Survey {
    /// Begins a survey; `None` when one of the ids is unknown.
    pub fn new(ids: &[&str], by: &[Dimension], filter: &Filter) -> Option<Self> {
        let plan = |by: &Dimension| Plan::new(ids, *by, filter.clone());
        let plans: Vec<Plan> = by.iter().map(plan).collect::<Option<_>>()?;
        let counts = vec![Counts::default(); plans.len()];
        Some(Self { plans: Arc::new(plans), counts })
    }

    /// Begins a survey of every figure in every division, as a month is printed.
    pub fn whole() -> Option<Self> {
        let ids: Vec<&str> = CARDS.iter().map(|card| card.id).collect();
        Self::new(&ids, Dimension::ALL, &Filter::default())
    }

    /// The same of the figures of an edition.
    pub fn whole_of(edition: u32) -> Self {
        let plans: Vec<Plan> = Dimension::ALL.iter().map(|by| Plan::of(edition, *by)).collect();
        let counts = vec![Counts::default(); plans.len()];
        Self { plans: Arc::new(plans), counts }
    }

    /// The same survey before it counted anything; its counts may be merged into this one's.
    #[must_use]
    pub fn anew(&self) -> Self {
        let counts = vec![Counts::default(); self.plans.len()];
        Self { plans: Arc::clone(&self.plans), counts }
    }

    /// Counts a case; returns what each figure found.
    pub fn add(&mut self, story: &Story, frame: &Frame<'_>) -> Vec<Option<Finding>> {
        let Some(plan) = self.plans.first() else { return Vec::new() };
        let found = plan.judge(story, frame);
        for (counts, plan) in self.counts.iter_mut().zip(self.plans.iter()) {
            counts.take(plan, story, &found);
        }
        found
    }

    /// Adds the cell of an anchor to what settled cases say, for the group it belongs to.
    pub fn add_cell(&self, settled: &mut Settled, (anchor, group): (Anchor, &str), sums: &[Sum]) {
        let Some(plan) = self.plans.first() else { return };
        settled.groups.resize_with(plan.figures.len(), BTreeMap::new);
        for (groups, figure) in settled.groups.iter_mut().zip(&plan.figures) {
            let place = Anchor::place(figure.card.id).filter(|(of, _)| *of == anchor);
            let Some(sum) = place.and_then(|(_, at)| sums.get(at)) else { continue };
            if sum.is_empty() {
                continue;
            }
            match groups.get_mut(group) {
                Some(mine) => mine.merge(sum),
                None => drop(groups.insert(group.to_owned(), sum.clone())),
            }
        }
    }

    /// Takes away what a case said when it was counted in cells, seen in the same period.
    pub fn take_away(&self, settled: &mut Settled, story: &Story, frame: &Frame<'_>) {
        let Some(plan) = self.plans.first() else { return };
        settled.groups.resize_with(plan.figures.len(), BTreeMap::new);
        let (found, keys) = (plan.judge(story, frame), plan.groups(story));
        let figures = settled.groups.iter_mut().zip(&plan.figures).zip(found);
        for ((groups, Defined { card, holder, .. }), finding) in figures {
            let place = Anchor::place(card.id).filter(|(anchor, _)| anchor.has(story, frame));
            let held = place.and(finding);
            let Some(finding) = held else { continue };
            let sum = groups.entry(of(&keys, *holder).clone()).or_default();
            sum.add(&finding, -1, card.unit != Unit::Share);
        }
    }

    /// Takes in what settled cases say; `None` when more was taken away than there was.
    #[must_use]
    pub fn settle(&mut self, settled: Settled) -> Option<()> {
        let counts = self.counts.first_mut()?;
        counts.figures.resize_with(settled.groups.len().max(counts.figures.len()), Vec::new);
        for (figure, groups) in settled.groups.into_iter().enumerate() {
            for (key, sum) in groups {
                if !sum.is_empty() {
                    let place = counts.place(key);
                    counts.tally(figure, place)?.take_in(sum)?;
                }
            }
        }
        Some(())
    }

    /// Takes in what the same survey counted of other cases.
    pub fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(other.counts) {
            mine.merge(theirs);
        }
    }

    /// Prints the figures of each division, in the order in which they were asked for.
    pub fn print(self) -> Vec<Vec<Figure>> {
        self.counts.into_iter().zip(self.plans.iter()).map(|(one, plan)| one.print(plan)).collect()
    }
}

fn print(card: &Card, by: Dimension, tallies: BTreeMap<String, Tally>) -> Figure {
    let (mut whole, mut groups) = (Tally::default(), Vec::new());
    for (key, tally) in tallies {
        if by != Dimension::None {
            groups.push(group(card, key, &tally));
        }
        whole.merge(tally);
    }
    let total = group(card, String::new(), &whole);
    let (id, version) = (card.id.to_owned(), card.version);
    let figure = Figure { id, version, total, groups, small: None, small_keys: Vec::new() };
    // Months are read one after another: none is better than another, and none is left out.
    if by == Dimension::Month { figure } else { figure.ranked() }
}

impl Figure {
    /// Ranks the groups of a rate and puts those that are too small for it into one; lengths stay as
    /// they are.
    #[must_use]
    pub fn ranked(mut self) -> Self {
        if self.total.wall.is_some() {
            return self;
        }
        let (few, mut ranked): (Vec<_>, Vec<_>) =
            self.groups.into_iter().partition(|one| one.n < RANKED_FROM);
        let low = |one: &Group| one.share.map_or(0.0, |share| share.low);
        // Stable: equals stay in the order of their keys.
        ranked.sort_by(|a, b| low(b).total_cmp(&low(a)));
        self.small_keys = few.iter().map(|one| one.key.clone()).collect();
        self.small = (!few.is_empty()).then(|| Group::together(few));
        self.groups = ranked;
        self
    }
}

impl Group {
    /// Puts groups of a rate into one.
    fn together(groups: Vec<Self>) -> Self {
        let mut all = Tally::default();
        let mut excluded: BTreeMap<String, u64> = BTreeMap::new();
        for one in groups {
            all.hit += one.hit;
            all.failed += one.failed;
            all.open += one.open;
            all.undone += one.undone;
            for (ground, count) in one.excluded {
                *excluded.entry(ground).or_default() += count;
            }
        }
        Self {
            key: "small".to_owned(),
            n: all.n(),
            hit: all.hit,
            failed: all.failed,
            open: all.open,
            undone: all.undone,
            excluded,
            share: share(all.hit, all.n()),
            wall: None,
            work: None,
            people: None,
        }
    }
}

fn group(card: &Card, key: String, tally: &Tally) -> Group {
    let is_share = card.unit == Unit::Share;
    let spreads = (!is_share).then(|| tally.spreads());
    let (wall, work) = spreads.unzip();
    let people = u64::try_from(tally.people.len()).unwrap_or(u64::MAX);
    Group {
        key,
        n: if is_share { tally.n() } else { tally.hit + tally.open },
        hit: tally.hit,
        failed: tally.failed,
        open: tally.open,
        undone: tally.undone,
        excluded: tally.excluded.iter().map(|(word, n)| ((*word).to_owned(), *n)).collect(),
        share: if is_share { share(tally.hit, tally.n()) } else { None },
        wall,
        work: work.filter(|_| card.unit != Unit::Times),
        people: (card.unit == Unit::SecondsPerPerson).then_some(people),
    }
}

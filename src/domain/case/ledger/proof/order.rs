//! Puts checkpoints in the order of their days, each day once. A line that stands twice or at another
//! place is a fault of the file and of no case.

use std::collections::{BTreeSet, HashMap};

use super::Finding;
use crate::domain::case::ledger::checkpoint::Signed;

/// A checkpoint, and whether its signature is good.
pub(super) struct Placed {
    pub one: Signed,
    pub good: bool,
    /// The day by which it stands: its own, or that of the signed line before it. Nobody signed the
    /// day of a line with a wrong signature.
    place: String,
}

/// Orders checkpoints by their days; of several with one day a signed one with its heads counts.
pub(super) fn ordered(
    checkpoints: Vec<Signed>,
    signed: &impl Fn(&[u8], &str) -> bool,
) -> (Vec<Placed>, Vec<Finding>) {
    let (mut placed, mut found) = (Vec::<Placed>::new(), Vec::new());
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut twice = BTreeSet::new();
    let mut newest = String::new();
    for one in checkpoints {
        let day = one.checkpoint.day.clone();
        let bytes = one.checkpoint.bytes().ok();
        let good = bytes.is_some_and(|bytes| signed(&bytes, &one.signature));
        if let Some(there) = known.get(&day).and_then(|at| placed.get_mut(*at)) {
            if twice.insert(day.clone()) {
                found.push(Finding::said(format!("{day} 日检查点重复出现")));
            }
            let better = good && (!there.good || !there.one.has_its_heads() && one.has_its_heads());
            if better {
                (there.one, there.good, there.place) = (one, good, day);
            }
            continue;
        }
        if good && day < newest {
            found.push(Finding::said(format!("{day} 日检查点顺序颠倒：写在 {newest} 日之后")));
        }
        if good && day > newest {
            newest.clone_from(&day);
        }
        known.insert(day.clone(), placed.len());
        let place = if good { day } else { newest.clone() };
        placed.push(Placed { one, good, place });
    }
    placed.sort_by(|a, b| a.place.cmp(&b.place));
    (placed, found)
}

//! Villages with their groups and lanes: 石桥村二组, 6组和7组, 石桥村老支书巷.

use super::fold::Text;
use super::mention::{Claim, Mention, Rank, What};
use super::names::{Hit, Name};
use super::numbers::number;
use super::section::CORRECTED;
use super::words::lexicon;
use super::{Index, SpanKind};

/// Reads a village with its group or lane; a shortened name only with one of them.
pub(super) fn village(index: &Index, text: &Text, hit: &Hit) -> Option<Mention> {
    let (id, short) = hit.names.iter().find_map(|n| match n {
        Name::Village(i) => Some((*i, false)),
        Name::VillageStem(i) => Some((*i, true)),
        _ => None,
    })?;
    let name = index.villages.get(id)?;
    let at = text.skip(hit.end, &["村", "居", "的"]);
    let group = group_numbers(text, at);
    let lanes = index.places.village_lanes.iter().zip(0..);
    let lane = lanes
        .filter(|(l, _)| l.village == *name)
        .find_map(|(l, i)| text.word(at, &l.lane).map(|end| (l, i, end)));
    let mut found =
        Mention::new(Rank::Village, (hit.start, at.max(hit.end)), name.clone(), "村组表");
    found.span(text, hit.start, hit.end, SpanKind::Village);
    if let Some((lane, i, end)) = lane {
        (found.rank, found.end) = (Rank::VillageGroup, end);
        found.span(text, at, end, SpanKind::VillageGroup);
        found.title.push_str(&lane.lane);
        found.claims.push(Claim::new(lane.grid, What::Lane(i)));
    } else if let Some((numbers, end)) = group {
        found.end = end;
        found.span(text, at, end, SpanKind::VillageGroup);
        let said: Vec<String> = numbers.iter().map(u32::to_string).collect();
        found.title = format!("{name}{}组", said.join("、"));
        let number = |c: &Claim| {
            let What::Group(i) = c.what else { return false };
            index.places.village_groups.get(i).is_some_and(|g| numbers.contains(&g.group_no))
        };
        found.claims = groups(index, name).filter(number).collect();
        found.rank = Rank::VillageGroup;
        if found.claims.is_empty() {
            (found.rank, found.beyond) = (Rank::Village, true);
            found.claims = groups(index, name).collect();
        }
    } else if short && at == hit.end && text.any(at, &lexicon().of_a_village).is_none() {
        return None;
    } else {
        found.claims = groups(index, name).collect();
    }
    found.place.village_group = Some(found.title.clone());
    Some(found)
}

/// Reads the numbers of groups: all that are listed, or the last when the writer corrects himself.
fn group_numbers(text: &Text, at: usize) -> Option<(Vec<u32>, usize)> {
    let words = lexicon();
    let next = |from: usize| group_number(text, text.skip(from, &words.leading_in));
    // 6、7组 as well as 6组和7组.
    let bare = number(text, text.word(at, "第").unwrap_or(at));
    let listed = bare.filter(|(_, end)| text.any(*end, &words.listing).is_some());
    let (first, mut end) = group_number(text, at).or(listed)?;
    let mut all = vec![first];
    while let Some((more, stop)) = text.any(end, &words.listing).and_then(next) {
        all.push(more);
        end = stop;
    }
    if all.len() == 1 && group_number(text, at).is_none() {
        return None;
    }
    let said = text.find(end, end + CORRECTED, &words.correction);
    match said.and_then(|(_, at)| next(at)) {
        Some((corrected, stop)) => Some((vec![corrected], stop)),
        None => Some((all, end)),
    }
}

fn group_number(text: &Text, at: usize) -> Option<(u32, usize)> {
    let (n, end) = number(text, text.word(at, "第").unwrap_or(at))?;
    text.any(end, &["组", "队", "小组", "小队", "生产队", "村民小组"]).map(|end| (n, end))
}

/// Returns all groups of a village.
pub(super) fn groups<'a>(index: &'a Index, village: &'a str) -> impl Iterator<Item = Claim> + 'a {
    let all = index.places.village_groups.iter().zip(0..);
    all.filter(move |(g, _)| g.village == village).map(|(g, i)| Claim::new(g.grid, What::Group(i)))
}

//! From one reading to one answer: whether it is sure enough, whether a position decides.

use super::answer::{ask, between, large, open, reject, route};
use super::fold::Text;
use super::mention::{Claim, Mention, Rank, What, read};
use super::pick::{Pick, pick};
use super::position::{Fix, steady_grid, usable, weigh};
use super::roles::{self, Evidence};
use super::trust::{BY_POSITION, trust};
use super::words::lexicon;
use super::{Action, Field, Index, Place, Query, Rejection, Resolution};
use crate::domain::gazetteer::GridRef;

pub(super) fn resolve(index: &Index, query: &Query<'_>) -> Resolution {
    if let Some(known) = known_building(index, query) {
        return known;
    }
    let address = query.address.filter(|a| !a.trim().is_empty());
    let Some(first) = address.map(|a| one(index, a, Field::Address, query)) else {
        return one(index, query.text, Field::Text, query);
    };
    if first.action == Action::Route {
        return first;
    }
    let second = one(index, query.text, Field::Text, query);
    let silent = first.action == Action::Reject(Rejection::NoAddress);
    if silent || (second.action == Action::Route && first.action == Action::Ask) {
        second
    } else {
        first
    }
}

fn one(index: &Index, raw: &str, field: Field, query: &Query<'_>) -> Resolution {
    let reading = read(index, raw);
    let fix = usable(query);
    let mut resolution = match pick(index, &reading) {
        Pick::One(found) => settle(index, found, fix),
        Pick::Several(all) => between(index, &all, fix),
        Pick::Doubtful(found) => ask(index, found, fix),
        Pick::Elsewhere(found) => reject(
            Rejection::OutOfArea,
            format!("{} → 不属于本街道：{}", found.title, found.source),
        ),
        Pick::Loose(number) => loose(index, &number, fix, query),
        Pick::Unknown(name) => {
            open(format!("没有找到“{name}”"), format!("没有找到“{name}”，请问是哪个小区、几号楼？"))
        }
        Pick::Nothing => nothing(index, &reading.text, fix),
    };
    resolution.read_from = field;
    resolution.spans = reading.mentions.iter().flat_map(|m| m.spans.iter().copied()).collect();
    resolution.spans.sort_by_key(|s| s.start);
    resolution
}

/// Answers for one mention: its grid, the position's choice among its grids, or a question.
fn settle(index: &Index, found: Mention, fix: Option<Fix>) -> Resolution {
    if found.claims.is_empty() {
        return reject(
            Rejection::OutOfArea,
            format!("{} → 本街道没有这个门牌：{}", found.title, found.source),
        );
    }
    let grids = found.grids();
    if found.beyond && grids.len() > 1 {
        return ask(index, found, fix);
    }
    if let [grid] = grids.as_slice() {
        let p = trust(&found);
        return if index.costs.allow(p) {
            route(index, *grid, p, found, None)
        } else {
            ask(index, found, fix)
        };
    }
    match by_position(index, &found, fix) {
        Some((grid, p)) => route(index, grid, p, found, Some("手机定位")),
        None if found.rank == Rank::Community => large(index, found, fix),
        None => ask(index, found, fix),
    }
}

/// Chooses among the claims when the phone stands clearly nearer to one grid's.
fn by_position(index: &Index, found: &Mention, fix: Option<Fix>) -> Option<(GridRef, f64)> {
    let (grid, share) = *weigh(index, found, Some(fix?)).first()?;
    let p = share.min(BY_POSITION) * trust(found);
    index.costs.allow(p).then_some((grid, p))
}

/// Answers for a building number without a name: scanned building, home, or the position.
fn loose(index: &Index, number: &str, fix: Option<Fix>, query: &Query<'_>) -> Resolution {
    let mut found = Mention::new(Rank::Building, (0, 0), format!("{number}号楼"), "楼栋表");
    if fix.is_some() || query.home.is_some() {
        let all = index.numbered(number, fix.map(|f| f.at)).into_iter();
        found.claims = all
            .map(|(i, b)| Claim { at: Some(b.at), ..Claim::new(b.grid, What::Building(i)) })
            .collect();
        found.unlisted = index.count(number) - found.claims.len();
    }
    found.place.building = Some(number.to_owned());
    if let Some(home) = query.home.filter(|_| index.costs.allow(BY_POSITION)) {
        let claims = at_home(index, &found.claims, home);
        if claims.iter().any(|claim| claim.grid == home) {
            let only = claims.iter().all(|claim| claim.grid == home);
            found.claims = claims;
            return if only {
                route(index, home, BY_POSITION, found, Some("上次确认的住址"))
            } else {
                ask(index, found, fix)
            };
        }
    }
    if let Some((grid, p)) = by_position(index, &found, fix) {
        return route(index, grid, p, found, Some("手机定位"));
    }
    open(format!("{number}号楼 → 没有写小区名"), "请问是哪个小区？".to_owned())
}

/// Returns which building each compound of the home's grid has of this number: the one in that grid,
/// or else those of its other grids. A resident knows his compound, not its grids.
fn at_home(index: &Index, claims: &[Claim], home: GridRef) -> Vec<Claim> {
    let places = &index.places;
    let of = |claim: &Claim| match claim.what {
        What::Building(i) => places.buildings.get(i).map(|b| b.compound.as_str()),
        _ => None,
    };
    let near = places.compounds.iter().filter(|c| c.grids.contains(&home));
    let meant = near.flat_map(|compound| {
        let all = claims.iter().filter(|claim| of(claim) == Some(&compound.external_id));
        let (own, other): (Vec<Claim>, Vec<Claim>) = all.partition(|claim| claim.grid == home);
        if own.is_empty() { other } else { own }
    });
    meant.collect()
}

/// A scanned code is certain, whatever else the text names.
fn known_building(index: &Index, query: &Query<'_>) -> Option<Resolution> {
    let code = query.building?;
    let at = index.places.buildings.iter().position(|b| b.external_id == code)?;
    let building = index.places.buildings.get(at)?;
    let compound = index.places.compounds.iter().find(|c| c.external_id == building.compound);
    let name = compound.map_or("", |c| c.name.as_str());
    let mut found = Mention::new(
        Rank::Building,
        (0, 0),
        format!("{name}{}{}", building.section, building.label),
        "楼栋码",
    );
    found.claims = vec![Claim::new(building.grid, What::Building(at))];
    found.place = Place {
        compound: compound.map(|c| c.name.clone()),
        building: Some(building.no.clone()),
        ..Place::default()
    };
    Some(route(index, building.grid, 0.997, found, None))
}

/// Answers for a text without any place.
fn nothing(index: &Index, text: &Text, fix: Option<Fix>) -> Resolution {
    let says = |words| text.find(0, text.len(), words).is_some();
    let named = says(&lexicon().names_a_place);
    let here = says(&lexicon().on_the_spot);
    if let Some(grid) = fix.filter(|_| here && !named).and_then(|fix| steady_grid(index, fix)) {
        let found = Mention::new(Rank::Village, (0, 0), "现场".to_owned(), "网格图形");
        return route(index, grid, 0.91, found, Some("手机定位"));
    }
    if here || named || roles::troubles(text).iter().any(|(_, kind)| !kind.has(Evidence::MATTER)) {
        return open(
            "没有认出地址".to_owned(),
            "请问在什么位置？请写小区楼号，或路名门牌号。".to_owned(),
        );
    }
    reject(Rejection::NoAddress, "没有写地址".to_owned())
}

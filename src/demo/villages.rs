//! The six villages: groups of houses and lanes, in the communities that carry their names.

use rand::Rng;

use super::chance::roll;
use super::street::Ground;
use crate::domain::gazetteer::{CommunityRef, GridRef, VillageGroup, VillageLane};

const LANES: [&str; 8] = ["中街", "前街", "后街", "一巷", "二巷", "三巷", "东头", "西头"];

/// Builds seven groups and five lanes for each village.
pub fn build(ground: &Ground, rng: &mut impl Rng) -> (Vec<VillageGroup>, Vec<VillageLane>) {
    let (mut groups, mut lanes) = (Vec::new(), Vec::new());
    for (at, community) in (0u16..).zip(&ground.communities).skip(8) {
        let village = community.name.replace("社区", "村");
        let grids: Vec<GridRef> = ground.grids_of(CommunityRef(at));
        let mut own = Vec::new();
        for group_no in 1..=7 {
            // The first groups lie in the first grid, the last in the last.
            let place = usize::try_from(group_no - 1).unwrap_or(0) * grids.len() / 7;
            let grid = grids.get(place).copied().unwrap_or(GridRef(0));
            let houses = roll(rng, 60, 110);
            own.push((group_no, grid));
            groups.push(VillageGroup {
                village: village.clone(),
                community: CommunityRef(at),
                group_no,
                houses,
                grid,
            });
        }
        let first = roll(rng, 0, 3);
        for lane in LANES.iter().skip(usize::try_from(first).unwrap_or(0)).take(5) {
            let (group_no, grid) = own
                .get(usize::try_from(roll(rng, 0, 6)).unwrap_or(0))
                .copied()
                .unwrap_or((1, GridRef(0)));
            let (village, lane) = (village.clone(), (*lane).to_owned());
            lanes.push(VillageLane { village, lane, group_no, grid });
        }
    }
    (groups, lanes)
}

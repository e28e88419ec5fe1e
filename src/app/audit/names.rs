//! What groups of figures are called.

use std::collections::{BTreeSet, HashMap};

use entity::kinds::{Category, StaffId, Urgency};

use crate::app::case::view::open_name;
use crate::app::places::Snapshot as Places;
use crate::domain::audit::frame::Dimension;
use crate::domain::audit::survey::Figure;
use crate::error::Result;
use crate::services::Services;
use crate::store;

/// The names of the groups of some figures.
#[derive(Debug)]
pub struct Names {
    by: Dimension,
    places: std::sync::Arc<Places>,
    staff: HashMap<String, String>,
}

/// Names people by their numbers among staff. Fails when the database does.
pub async fn staff_names(
    s: &Services,
    ids: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, String>> {
    let ids: BTreeSet<i64> = ids.collect();
    let ids: Vec<StaffId> = ids.into_iter().map(StaffId).collect();
    let mut names = HashMap::new();
    for row in store::people::staff(&s.db.read, &ids).await? {
        names.insert(row.id.0, open_name(s, &row.name_sealed)?);
    }
    Ok(names)
}

impl Names {
    /// Loads the names that the groups of these figures need. Fails when the database does.
    pub async fn load(s: &Services, by: Dimension, figures: &[Figure]) -> Result<Self> {
        let mut staff = HashMap::new();
        if by == Dimension::Person {
            let groups = figures.iter().flat_map(|figure| &figure.groups);
            let keys = groups.map(|group| &group.key);
            let keys = keys.chain(figures.iter().flat_map(|figure| &figure.small_keys));
            let found = staff_names(s, keys.filter_map(|key| key.parse().ok())).await?;
            staff = found.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
        }
        Ok(Self { by, places: s.places.now(), staff })
    }

    /// Returns the name of a group. A grid that ended is no longer among the places; its figures
    /// stay.
    pub fn of(&self, key: &str) -> String {
        if key == "small" {
            return "样本不足30件的单位".to_owned();
        }
        if key.is_empty() {
            let whole = self.by == Dimension::None;
            return if whole { "合计" } else { "（未确定）" }.to_owned();
        }
        let place = || self.places.find(key).map(|place| place.name.clone());
        let known = match self.by {
            Dimension::Grid | Dimension::Community => place(),
            Dimension::Category => Category::from_word(key).map(|one| one.zh().to_owned()),
            Dimension::Urgency => Urgency::from_word(key).map(|one| one.zh().to_owned()),
            Dimension::Person => self.staff.get(key).cloned(),
            Dimension::Source if key == "staff" => Some("工作人员代报".to_owned()),
            Dimension::Source => Some("居民上报".to_owned()),
            Dimension::Month | Dimension::None => Some(key.to_owned()),
        };
        known.unwrap_or_else(|| "（已停用）".to_owned())
    }
}

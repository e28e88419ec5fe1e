//! The codes of a compound as a document to print, cut and hang up.

use entity::kinds::AccountId;
use futures::future::try_join_all;

use super::paper::Label;
use super::{draw, paper};
use crate::app::actor::Actor;
use crate::app::print::font;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;

/// Codes asked of WeChat at a time.
const AT_ONCE: usize = 4;

/// Writes a PDF of A4 pages with the codes of all buildings of a compound, in the order in which
/// people count; codes that are missing are made. Fails with `forbidden`, `not_found`,
/// `font_missing`, or as making a code does; what was made before a failure stays.
pub async fn run(s: &Services, actor: &Actor, compound: &str) -> Result<Vec<u8>> {
    super::require_admin(actor)?;
    let missing = || Error::not_found("这个小区，或其中没有楼栋");
    let found = store::building_code::compound(&s.db.read, compound).await?;
    let compound = found.ok_or_else(missing)?;
    let mut buildings = store::building_code::buildings(&s.db.read, &compound).await?;
    if buildings.is_empty() {
        return Err(missing());
    }
    buildings.sort_by_cached_key(|one| {
        let count = one.no.parse::<u32>().unwrap_or(u32::MAX);
        (one.section.clone(), count, one.no.clone())
    });
    // Before WeChat is asked for anything: without a font there is no sheet.
    let names: Vec<String> = buildings.iter().map(super::label).collect();
    let words = format!("{}{}{}", compound.name, names.concat(), paper::CAPTION);
    let codes = s.settings.codes.clone();
    let face = tokio::task::spawn_blocking(move || font::find(&codes, &words)).await;
    let face = face.map_err(Error::internal)??;
    let mut labels = Vec::with_capacity(buildings.len());
    let ids: Vec<(String, String)> =
        buildings.into_iter().map(|one| one.external_id).zip(names).collect();
    for some in ids.chunks(AT_ONCE) {
        let drawn = some.iter().map(|(id, name)| picture(s, actor.account, id, name));
        labels.extend(try_join_all(drawn).await?);
    }
    let title = compound.name;
    let printed = tokio::task::spawn_blocking(move || paper::print(&face, &title, labels)).await;
    printed.map_err(Error::internal)?
}

async fn picture(s: &Services, by: AccountId, building: &str, name: &str) -> Result<Label> {
    let (code, _) = draw::ensure(s, by, building).await?;
    let object = code.object.unwrap_or_default();
    let image = s.storage.get(&object).await?;
    Ok(Label { name: name.to_owned(), image })
}

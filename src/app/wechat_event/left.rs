//! What follows when WeCom's address book removes a member of staff: he has left, as far as anybody
//! knows. His sessions end, his WeChat is no longer bound, and nothing about residents goes to his phone.
//!
//! His duties and cases stay his in the record: whom they go to is for people to decide, so those who
//! can are told at once, and until then every message goes to the next person.

use std::collections::BTreeSet;

use entity::kinds::{GridId, StaffId, Timestamp};
use entity::staff;

use crate::app::roster::tell::{self, Word};
use crate::app::staff::NAME;
use crate::domain::notice::DEFAULT_ORDER;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// What is left behind, looked up before the unit that ends it.
pub(super) struct Left {
    staff: staff::Model,
    words: Vec<Word>,
}

/// Looks up who it is and what he leaves behind; `None` when he is nobody of the staff. `at` is when he was
/// removed: another push that says so tells nobody a second time.
pub(super) async fn find(s: &Services, userid: &str, at: Timestamp) -> Result<Option<Left>> {
    let Some(staff) = store::wecom::member(&s.db.read, userid).await? else { return Ok(None) };
    let now = s.clock.now();
    let duties = store::wecom::duties(&s.db.read, staff.id, now).await?;
    let cases = store::wecom::open_cases(&s.db.read, staff.id).await?;
    let words = words(s, &staff, (&duties, &cases, at)).await?;
    Ok(Some(Left { staff, words }))
}

/// Ends what he can do and what reaches him, and tells those who manage the roster.
pub(super) async fn end(s: &Services, tx: &Tx, left: &Left, now: Timestamp) -> Result<()> {
    let id = left.staff.id;
    store::session::end_all(tx, id, now).await?;
    if store::staff::unbind(tx, id).await? > 0 {
        store::channel::forget_proofs(tx, id, DEFAULT_ORDER, now).await?;
    }
    tell::tell(s, tx, &unsaid(tx, &left.words).await?, now).await?;
    tracing::warn!(staff = id.0, "a member of staff was deleted from WeCom; see `zhinan doctor`");
    Ok(())
}

/// Leaves out who was told: his push would go through his next channel.
async fn unsaid(tx: &Tx, words: &[Word]) -> Result<Vec<Word>> {
    let keys: Vec<String> = words.iter().map(|word| word.key.clone()).collect();
    let known = store::inbox::known(tx, &keys).await?;
    Ok(words.iter().filter(|word| !known.contains(&word.key)).cloned().collect())
}

/// Says it to the leaders of each community that he answers for, and to the street's command.
async fn words(
    s: &Services,
    staff: &staff::Model,
    (duties, cases, at): (&[GridId], &[String], Timestamp),
) -> Result<Vec<Word>> {
    let places = s.places.now();
    let communities: BTreeSet<GridId> =
        duties.iter().filter_map(|grid| places.community_of(*grid)).collect();
    let communities: Vec<GridId> = communities.into_iter().collect();
    let mut told: Vec<(Option<GridId>, StaffId)> = tell::leaders(s, &communities, staff.id)
        .await?
        .into_iter()
        .map(|(community, to)| (Some(community), to))
        .collect();
    let command = store::wecom::command(&s.db.read, s.clock.now()).await?;
    told.extend(command.into_iter().filter(|to| *to != staff.id).map(|to| (None, to)));
    let mut seen = BTreeSet::new();
    told.retain(|(_, to)| seen.insert(*to));
    let names = |grid: &GridId| places.name(*grid).map(|grid| grid.name.clone());
    let note = note(s, staff, (duties.iter().filter_map(names).collect(), cases))?;
    let word = |(community, to): (Option<GridId>, StaffId)| Word {
        to,
        key: format!("left/{}/{}/{to}", staff.id, at.0),
        state: "人员变动",
        place: community.and_then(|grid| names(&grid)).unwrap_or_default(),
        note: note.clone(),
        // Grids may be without anybody.
        urgent: !duties.is_empty() || !cases.is_empty(),
    };
    Ok(told.into_iter().map(word).collect())
}

fn note(
    s: &Services,
    staff: &staff::Model,
    (grids, cases): (Vec<String>, &[String]),
) -> Result<String> {
    let name = match staff.name_sealed.as_str() {
        "" => String::new(),
        sealed => s.vault.open(NAME, sealed).map_err(Error::internal)?,
    };
    let who = format!("{name}（工号 {}）", staff.staff_no);
    let mut said =
        vec![format!("{who}已从企业微信通讯录中移除，已退出登录并解除微信绑定，不再向其发送通知")];
    if !grids.is_empty() {
        said.push(format!("名下仍有责任网格：{}", grids.join("、")));
    }
    if !cases.is_empty() {
        said.push(format!("已签收未办结工单：{}", cases.join("、")));
    }
    said.push("请尽快另行安排；如系误删，请恢复通讯录后重新绑定".to_owned());
    Ok(said.join("；"))
}

//! The sealed days of this installation: as its database has them, and as its file of checkpoints
//! kept them, which counts where both differ.

use std::collections::BTreeMap;
use std::time::Duration;

use super::export::MOST_DAYS;
use super::list::whole;
use super::publish;
use super::verify::is_signed;
use crate::domain::calendar::{iso_date, parse_instant};
use crate::domain::case::ledger::checkpoint::Signed;
use crate::domain::case::ledger::proof::Finding;
use crate::error::Result;
use crate::services::Services;
use crate::store::checkpoint;
use crate::vault::signing::Verifier;

/// A day is sealed in the night after it: whoever writes two days later writes after that.
const SEALED_AFTER: Duration = Duration::from_hours(48);

/// Sealed days, and what is wrong with them beside what they say themselves.
#[derive(Debug)]
pub struct Own {
    pub days: Vec<Signed>,
    pub findings: Vec<Finding>,
}

/// Reads them. Fails when the database does.
pub async fn read(s: &Services, key: Verifier) -> Result<Own> {
    let mut days = BTreeMap::new();
    for row in checkpoint::between(&s.db.read, ("", "9999-12-31"), MOST_DAYS).await? {
        days.insert(row.day.clone(), whole(s, &row).await?);
    }
    let path = s.settings.checkpoint_file.clone();
    let mut own = publish::blocking(move || {
        let mut held = Held { days, wrong: None };
        let each = publish::each(&path, |line| {
            held.take(serde_json::from_slice(line)?, &key);
            Ok(())
        });
        let unreadable =
            each.err().map(|why| format!("检查点文件 {} 无法读取：{why}", path.display()));
        let findings = held.wrong.into_iter().chain(unreadable).map(Finding::said).collect();
        Own { days: held.days.into_values().collect(), findings }
    })
    .await?;
    let last = own.days.last().map(|last| last.checkpoint.day.clone());
    own.findings.extend(ran_on(s, last).await?.map(Finding::said));
    Ok(own)
}

/// What the database has, corrected by the file.
struct Held {
    days: BTreeMap<String, Signed>,
    /// The first difference.
    wrong: Option<String>,
}

impl Held {
    fn take(&mut self, kept: Signed, key: &Verifier) {
        let day = kept.checkpoint.day.clone();
        let stored = self.days.get(&day);
        if stored.is_some_and(|stored| stored.checkpoint == kept.checkpoint) {
            return;
        }
        let signed = is_signed(&kept, key);
        let why = match (signed, stored) {
            (false, _) => {
                format!("检查点文件里 {day} 日的签名不对：文件被改动，或不是用这把密钥签的")
            }
            (true, None) => format!(
                "检查点文件里有 {day} 日的检查点，数据库却没有：数据库由旧备份恢复，或检查点被删除"
            ),
            (true, Some(_)) => {
                format!("{day} 日的检查点与检查点文件里的不同：被改写，或重新签过")
            }
        };
        self.wrong.get_or_insert(why);
        if signed {
            self.days.insert(day, kept);
        }
    }
}

/// Says so when entries go on and nobody seals them any more.
async fn ran_on(s: &Services, last: Option<String>) -> Result<Option<String>> {
    let open = match last.and_then(|day| parse_instant(&day)) {
        Some(last) => Some(last + Duration::from_hours(24)),
        None => checkpoint::began(&s.db.read).await?,
    };
    let newest = checkpoint::newest(&s.db.read).await?;
    let (Some(open), Some(newest)) = (open, newest) else { return Ok(None) };
    let day = iso_date(open);
    let started = parse_instant(&day).unwrap_or(open);
    Ok((newest.since(started) >= SEALED_AFTER).then(|| {
        format!(
            "{day} 日起的记录不在任何检查点里，而 {} 日还有新的记录：检查点被删除，或没有封存",
            iso_date(newest)
        )
    }))
}

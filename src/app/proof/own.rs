//! The sealed days of this installation: as its database has them, and as its file of checkpoints
//! kept them, which counts where both differ and what it kept holds.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::export::MOST_DAYS;
use super::lines::{Faults, Readable, Unreadable, each};
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
    let days = stored(s, "").await?;
    let newest = days.last_key_value().map(|(day, _)| day.clone()).unwrap_or_default();
    let mut held = Held::of(days, newest.clone());
    let path = s.settings.checkpoint_file.clone();
    let (mut held, unreadable, key) = publish::blocking(move || {
        let unreadable = held.read(&path, &key);
        (held, unreadable, key)
    })
    .await?;
    if !held.later.is_empty() {
        held.days.extend(stored(s, &newest).await?);
        for kept in std::mem::take(&mut held.later) {
            held.take(kept, &key);
        }
    }
    let mut own = held.finish(unreadable);
    let last = own.days.last().map(|last| last.checkpoint.day.clone());
    own.findings.extend(ran_on(s, last).await?.map(Finding::said));
    Ok(own)
}

/// What the database has of the days behind one.
async fn stored(s: &Services, behind: &str) -> Result<BTreeMap<String, Signed>> {
    let rows = checkpoint::between(&s.db.read, (behind, "9999-12-31"), MOST_DAYS).await?;
    let mut days = BTreeMap::new();
    for row in rows.iter().filter(|row| row.day.as_str() > behind) {
        days.insert(row.day.clone(), whole(s, row).await?);
    }
    Ok(days)
}

/// What the database has, corrected by the file.
struct Held {
    days: BTreeMap<String, Signed>,
    /// The last day that the database had when it was read.
    newest: String,
    /// What the file has behind it: it may have been sealed since.
    later: Vec<Signed>,
    /// The first difference.
    wrong: Option<String>,
    faults: Faults,
}

impl Held {
    fn of(days: BTreeMap<String, Signed>, newest: String) -> Self {
        let faults = Faults::of("检查点文件");
        Self { days, newest, later: Vec::new(), wrong: None, faults }
    }

    /// Takes one line of the file after another; one that is no checkpoint is a fault of the file.
    /// Returns in Chinese why the rest cannot be read.
    fn read(&mut self, path: &Path, key: &Verifier) -> Option<String> {
        match self.lines(path, key) {
            Err(Unreadable::Read(why)) => {
                Some(format!("检查点文件 {} 无法读取：{why}", path.display()))
            }
            Err(Unreadable::Header) | Ok(()) => None,
        }
    }

    fn lines(&mut self, path: &Path, key: &Verifier) -> Readable<()> {
        let Some(file) = publish::open(path).map_err(Unreadable::Read)? else { return Ok(()) };
        for line in each(file, |text| serde_json::from_slice::<Signed>(text)) {
            match line? {
                Ok(kept) if kept.checkpoint.day > self.newest => self.later.push(kept),
                Ok(kept) => self.take(kept, key),
                // A crash left it there: the next night writes over it.
                Err(fault) if fault.is_cut() => {}
                Err(fault) => self.faults.add(fault),
            }
        }
        Ok(())
    }

    fn finish(self, unreadable: Option<String>) -> Own {
        let said = self.wrong.into_iter().chain(unreadable).map(Finding::said);
        let findings = said.chain(self.faults.finish()).collect();
        Own { days: self.days.into_values().collect(), findings }
    }

    fn take(&mut self, kept: Signed, key: &Verifier) {
        let day = kept.checkpoint.day.clone();
        let stored = self.days.get(&day);
        if stored == Some(&kept) {
            return;
        }
        let (signed, whole) = (is_signed(&kept, key), kept.has_its_heads());
        let why = match stored {
            _ if !signed => {
                format!("检查点文件里 {day} 日的签名不对：文件被改动，或不是用这把密钥签的")
            }
            None => format!(
                "检查点文件里有 {day} 日的检查点，数据库却没有：数据库由旧备份恢复，或检查点被删除"
            ),
            Some(_) if !whole => {
                format!("检查点文件里 {day} 日的清单与签名的根不符：文件被改动")
            }
            Some(stored) if stored.checkpoint == kept.checkpoint => {
                format!("{day} 日检查点的清单或签名与检查点文件里的不同：数据库里的被改动")
            }
            Some(_) => format!("{day} 日的检查点与检查点文件里的不同：被改写，或重新签过"),
        };
        let counts = signed && (whole || stored.is_none());
        self.wrong.get_or_insert(why);
        if counts {
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

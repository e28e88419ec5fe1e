//! Lets every case that is at work rest for the weather, in the street or in one grid.
//!
//! Each case is a unit of its own with its own entry in the record, so that one that somebody
//! changes at the same moment stops no other; asked again, those that are left are taken.

use entity::kinds::{CaseId, HoldReason, StreetRole, Timestamp};

use super::act::Target;
use super::hold::{self, Pause};
use crate::app::actor::Actor;
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;
use crate::store;
use crate::store::due::Whose;

/// How many cases are looked up at once.
const PAGE: u64 = 100;

/// What became of the cases at work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    pub held: usize,
    /// Changed by somebody else at the same moment.
    pub left: usize,
}

/// Lets those through who may decide about the weather. Fails with `forbidden`.
pub fn admit(actor: &Actor) -> Result<()> {
    if actor.is(StreetRole::Command) {
        return Ok(());
    }
    Err(Error::new(Code::Forbidden, "只有街道指挥中心可以因天气批量挂起"))
}

/// Holds them until an instant. Fails with `forbidden` for anybody but street command, with
/// `invalid_fields` when the instant is not ahead, and when the database does.
pub async fn run(
    s: &Services,
    actor: &Actor,
    whose: Whose,
    (until, note): (Timestamp, String),
) -> Result<Held> {
    admit(actor)?;
    let now = s.clock.now();
    if until <= now {
        let fault = Fault::new("/until", "hold_needs_resume_date", "请填写晚于现在的恢复时间");
        return Err(Error::fields(vec![fault]));
    }
    let pause = Pause { reason: HoldReason::Weather, until, note };
    let (mut done, mut after) = (Held::default(), CaseId(0));
    loop {
        let page = store::due::at_work(&s.db.read, whose, now, (after, PAGE)).await?;
        let Some(last) = page.last() else { return Ok(done) };
        after = last.id;
        for case in page {
            let target = Target { case: case.id, expected_version: case.version };
            match hold::run(s, actor.clone(), target, pause.clone()).await {
                Ok(_) => done.held += 1,
                Err(error) if changed(&error) => done.left += 1,
                Err(error) => return Err(error),
            }
        }
    }
}

/// Tells whether somebody else was faster.
const fn changed(error: &Error) -> bool {
    matches!(error.code, Code::VersionConflict | Code::MoveNotAllowed | Code::RuleRefused)
}

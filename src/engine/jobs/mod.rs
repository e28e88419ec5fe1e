//! The registry: what each kind of job carries and which use case does it.
//!
//! A kind without a row here does not compile. Every handler may run twice on the same payload.

use entity::job::Model;
use entity::kinds::{CaseId, JobKind, NoticeId};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::app::work::{Outcome, Try};
use crate::app::{alias, notice, probe, wechat_event};
use crate::error::Result;
use crate::services::Services;

#[derive(Clone, Copy, Debug, Deserialize)]
struct SendNotice {
    notice: NoticeId,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct ContentCheck {
    case: CaseId,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct WechatEvent {
    event: i64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct LearnNames {
    corrections: i64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct SendProbe {
    probe: i64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct UpdateCard {
    card: i64,
    refused: bool,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct RobotLine {
    line: i64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct SmsReports {}

/// A job whose payload was understood.
#[derive(Clone, Copy, Debug)]
pub struct Work(Args);

#[derive(Clone, Copy, Debug)]
enum Args {
    SendNotice(SendNotice),
    ContentCheck(ContentCheck),
    WechatEvent(WechatEvent),
    LearnNames(LearnNames),
    SendProbe(SendProbe),
    UpdateCard(UpdateCard),
    RobotLine(RobotLine),
    SmsReports(SmsReports),
}

impl Work {
    /// Decodes a job; fails with the reason for which it alone is buried.
    pub fn decode(job: &Model) -> std::result::Result<Self, String> {
        fn read<T: DeserializeOwned>(payload: &str) -> std::result::Result<T, String> {
            serde_json::from_str(payload).map_err(|why| format!("payload not understood: {why}"))
        }
        Ok(Self(match job.kind {
            JobKind::SendNotice => Args::SendNotice(read(&job.payload)?),
            JobKind::ContentCheck => Args::ContentCheck(read(&job.payload)?),
            JobKind::WechatEvent => Args::WechatEvent(read(&job.payload)?),
            JobKind::LearnNames => Args::LearnNames(read(&job.payload)?),
            JobKind::SendProbe => Args::SendProbe(read(&job.payload)?),
            JobKind::UpdateCard => Args::UpdateCard(read(&job.payload)?),
            JobKind::RobotLine => Args::RobotLine(read(&job.payload)?),
            JobKind::SmsReports => Args::SmsReports(read(&job.payload)?),
        }))
    }

    /// Returns the notice that is to be sent, if this is about one.
    pub const fn notice(&self) -> Option<NoticeId> {
        match self.0 {
            Args::SendNotice(SendNotice { notice }) => Some(notice),
            _ => None,
        }
    }

    /// Does the work. Fails when the database does; everything else is an outcome.
    pub async fn run(self, s: &Services, this: Try) -> Result<Outcome> {
        match self.0 {
            Args::SendNotice(args) => notice::send::run(s, args.notice, this).await,
            Args::ContentCheck(args) => notice::check_content::run(s, args.case).await,
            Args::WechatEvent(args) => wechat_event::handle::run(s, args.event, this).await,
            Args::LearnNames(args) => alias::learn::run(s, args.corrections).await,
            Args::SendProbe(args) => probe::send::run(s, args.probe, this).await,
            Args::RobotLine(args) => notice::robot::run(s, args.line).await,
            Args::SmsReports(SmsReports {}) => notice::reports::run(s).await,
            Args::UpdateCard(args) => notice::card::update(s, args.card, args.refused).await,
        }
    }

    /// Does what must follow when the job will not run again: nobody may wait for a message that
    /// nobody sends.
    pub async fn give_up(self, s: &Services) -> Result<()> {
        match self.0 {
            Args::SendNotice(args) => notice::send::give_up(s, args.notice).await,
            Args::SendProbe(args) => probe::send::give_up(s, args.probe).await,
            Args::RobotLine(args) => notice::robot::give_up(s, args.line).await,
            // The notices of a check go out when its wait is over; names are learned tomorrow; a
            // card that still has its button answers a press; reports are asked for again.
            Args::ContentCheck(_)
            | Args::WechatEvent(_)
            | Args::LearnNames(_)
            | Args::UpdateCard(_)
            | Args::SmsReports(_) => Ok(()),
        }
    }
}

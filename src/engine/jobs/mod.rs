//! The registry: what each kind of job carries and which use case does it.
//!
//! A kind without a row here does not compile. Every handler may run twice on the same payload.

use entity::job::Model;
use entity::kinds::{CaseId, JobKind, NoticeId};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::app::audit::freeze::Printing;
use crate::app::media_check::FileId;
use crate::app::notice::send::Sending;
use crate::app::work::Try;
use crate::app::{
    alias, audit, calendar, follower, media_check, my, notice, probe, proof, wechat_event,
};
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

#[derive(Clone, Copy, Debug, Deserialize)]
struct Retell {}

#[derive(Clone, Copy, Debug, Deserialize)]
struct EraseFiles {}

#[derive(Clone, Copy, Debug, Deserialize)]
struct Redate {
    calendar: u32,
}

#[derive(Clone, Debug, Deserialize)]
struct FreezeFigures {
    printing: Box<Printing>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct ExportFigures {
    export: i64,
}

#[derive(Clone, Debug, Deserialize)]
struct ListHints {
    day: Box<str>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct SealDay {}

#[derive(Clone, Copy, Debug, Deserialize)]
struct RollUpFigures {}

#[derive(Clone, Debug, Deserialize)]
struct JoinFollowers {
    run: Box<str>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct CheckMedia {
    file: FileId,
}

/// A job whose payload was understood.
#[derive(Clone, Debug)]
pub struct Work(Args);

#[derive(Clone, Debug)]
enum Args {
    SendNotice(SendNotice),
    ContentCheck(ContentCheck),
    WechatEvent(WechatEvent),
    LearnNames(LearnNames),
    SendProbe(SendProbe),
    UpdateCard(UpdateCard),
    RobotLine(RobotLine),
    SmsReports(SmsReports),
    Retell(Retell),
    EraseFiles(EraseFiles),
    Redate(Redate),
    FreezeFigures(FreezeFigures),
    ExportFigures(ExportFigures),
    ListHints(ListHints),
    SealDay(SealDay),
    RollUpFigures(RollUpFigures),
    JoinFollowers(JoinFollowers),
    CheckMedia(CheckMedia),
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
            JobKind::Retell => Args::Retell(read(&job.payload)?),
            JobKind::EraseFiles => Args::EraseFiles(read(&job.payload)?),
            JobKind::Redate => Args::Redate(read(&job.payload)?),
            JobKind::FreezeFigures => Args::FreezeFigures(read(&job.payload)?),
            JobKind::ExportFigures => Args::ExportFigures(read(&job.payload)?),
            JobKind::ListHints => Args::ListHints(read(&job.payload)?),
            JobKind::SealDay => Args::SealDay(read(&job.payload)?),
            JobKind::RollUpFigures => Args::RollUpFigures(read(&job.payload)?),
            JobKind::CheckMedia => Args::CheckMedia(read(&job.payload)?),
            JobKind::JoinFollowers => Args::JoinFollowers(read(&job.payload)?),
        }))
    }

    /// Returns what is known of a job whose payload nobody understands, by its key: nobody may wait
    /// for ever for what it was to do.
    pub fn by_key(job: &Model) -> Option<Self> {
        if job.kind == JobKind::CheckMedia {
            let file = FileId::of_key(&job.dedup_key)?;
            return Some(Self(Args::CheckMedia(CheckMedia { file })));
        }
        let id: i64 = job.dedup_key.parse().ok()?;
        Some(Self(match job.kind {
            JobKind::SendNotice => Args::SendNotice(SendNotice { notice: NoticeId(id) }),
            JobKind::ContentCheck => Args::ContentCheck(ContentCheck { case: CaseId(id) }),
            JobKind::SendProbe => Args::SendProbe(SendProbe { probe: id }),
            JobKind::WechatEvent => Args::WechatEvent(WechatEvent { event: id }),
            JobKind::RobotLine => Args::RobotLine(RobotLine { line: id }),
            JobKind::ExportFigures => Args::ExportFigures(ExportFigures { export: id }),
            _ => return None,
        }))
    }

    /// Returns the notice that is to be sent, if this is about one.
    pub const fn notice(&self) -> Option<NoticeId> {
        match self.0 {
            Args::SendNotice(SendNotice { notice }) => Some(notice),
            _ => None,
        }
    }

    /// Does the work, for a notice up to what came of its call. Fails when the database does; everything
    /// else is an outcome.
    pub async fn run(self, s: &Services, this: Try) -> Result<Sending> {
        let outcome = match self.0 {
            Args::SendNotice(args) => return notice::send::run(s, args.notice, this).await,
            Args::ContentCheck(args) => notice::check_content::run(s, args.case).await,
            Args::WechatEvent(args) => wechat_event::handle::run(s, args.event).await,
            Args::LearnNames(args) => alias::learn::run(s, args.corrections).await,
            Args::SendProbe(args) => probe::send::run(s, args.probe, this).await,
            Args::RobotLine(args) => notice::robot::run(s, args.line).await,
            Args::SmsReports(SmsReports {}) => notice::reports::run(s).await,
            Args::Retell(Retell {}) => notice::owed::run(s).await,
            Args::EraseFiles(EraseFiles {}) => my::files::run(s).await,
            Args::Redate(args) => calendar::redate::run(s, args.calendar).await,
            Args::FreezeFigures(args) => Box::pin(audit::freeze::run(s, *args.printing)).await,
            Args::ExportFigures(args) => Box::pin(audit::export::run(s, args.export)).await,
            Args::ListHints(args) => Box::pin(audit::hints::run(s, &args.day)).await,
            Args::SealDay(SealDay {}) => Box::pin(proof::seal::run(s)).await,
            Args::RollUpFigures(RollUpFigures {}) => Box::pin(audit::roll_up::run(s)).await,
            Args::CheckMedia(args) => media_check::run::run(s, args.file).await,
            Args::JoinFollowers(args) => Box::pin(follower::fill::run(s, &args.run)).await,
            Args::UpdateCard(args) => notice::card::update(s, args.card, args.refused).await,
        };
        outcome.map(Sending::Over)
    }

    /// Does what must follow when the job will not run again: nobody may wait for a message that
    /// nobody sends.
    pub async fn give_up(self, s: &Services) -> Result<()> {
        match self.0 {
            Args::SendNotice(args) => notice::send::give_up(s, args.notice).await,
            Args::SendProbe(args) => probe::send::give_up(s, args.probe).await,
            Args::RobotLine(args) => notice::robot::give_up(s, args.line).await,
            Args::ContentCheck(args) => notice::check_content::give_up(s, args.case).await,
            Args::CheckMedia(args) => media_check::run::give_up(s, args.file).await,
            Args::ExportFigures(args) => audit::export::give_up(s, args.export).await,
            Args::WechatEvent(args) => wechat_event::authorization::give_up(s, args.event).await,
            // Names are learned and followers joined tomorrow; a card that still has its button answers a press; reports,
            // what is owed, files, printings and checkpoints are asked for again; due times by the next version.
            Args::LearnNames(_)
            | Args::UpdateCard(_)
            | Args::SmsReports(_)
            | Args::Retell(_)
            | Args::EraseFiles(_)
            | Args::Redate(_)
            | Args::FreezeFigures(_)
            | Args::ListHints(_)
            | Args::SealDay(_)
            | Args::RollUpFigures(_)
            | Args::JoinFollowers(_) => Ok(()),
        }
    }
}

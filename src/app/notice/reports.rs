//! Asks what became of the text messages that the provider took over, once a minute while one of
//! them is young.
//!
//! The provider hands a report out once. One that is lost between its answer and our record leaves
//! its message as accepted, which is what it was before.

use std::time::Duration;

use entity::kinds::{Channel, JobKind, NoticeId, NoticeState, Timestamp};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::ending::{self, Failed};
use super::stamp::{Of, Stamp};
use crate::app::case::change::Change;
use crate::app::probe;
use crate::app::work::Outcome;
use crate::error::{Error, Result};
use crate::gateway::sms::{PAGE, Report};
use crate::gateway::wechat::Class;
use crate::services::Services;
use crate::store::job::NewJob;
use crate::store::writer::Tx;
use crate::store::{self};

/// Carriers report for three days at most.
const REPORTED_WITHIN: Duration = Duration::from_hours(72);
const MINUTE_MICROS: i64 = 60_000_000;
/// More pages in one go would hold the job longer than its lease.
const PAGES: usize = 20;
/// Between urgent messages and the rest.
const PRIORITY: i32 = 30;

/// Plans this minute's question when a message waits for its report. Fails when the database does.
pub async fn ask(s: &Services, tx: &impl ConnectionTrait, now: Timestamp) -> Result<()> {
    if !awaited(s, tx, now).await? {
        return Ok(());
    }
    let minute = now.0.div_euclid(MINUTE_MICROS);
    let job = NewJob {
        kind: JobKind::SmsReports,
        dedup_key: minute.to_string(),
        payload: json!({ "minute": minute }).to_string(),
        priority: PRIORITY,
        run_at: now,
        max_attempt: s.settings.max_attempt.min(3),
        trace_id: crate::telemetry::trace_id(),
    };
    Ok(store::job::enqueue(tx, vec![job], now).await?)
}

async fn awaited(s: &Services, conn: &impl ConnectionTrait, now: Timestamp) -> Result<bool> {
    let wanted = s.sms.is_on() && s.settings.sms_reports;
    let young = now - REPORTED_WITHIN;
    Ok(wanted
        && (store::notice::awaits_text_report(conn, young).await?
            || store::probe::awaits_text_report(conn, young).await?))
}

/// Takes the reports there are and records them. Fails only when the database does.
pub async fn run(s: &Services) -> Result<Outcome> {
    if !awaited(s, &s.db.read, s.clock.now()).await? {
        return Ok(Outcome::Done);
    }
    for _page in 0..PAGES {
        let reports = match s.sms.reports(s.clock.now()).await {
            Ok(reports) => reports,
            Err(failure) if failure.class == Class::Retry => {
                return Ok(Outcome::retry(failure.detail));
            }
            Err(failure) => {
                let (detail, rid) = (failure.detail, failure.rid);
                tracing::warn!(detail, rid, "reports about text messages are refused");
                return Ok(Outcome::Dead { why: detail });
            }
        };
        let last = reports.len() < PAGE;
        // The provider gives none of them a second time, so that one that fails takes no other with it.
        let mut recorded = Ok(());
        for report in reports {
            recorded = recorded.and(record(s, report).await);
        }
        recorded?;
        if last {
            break;
        }
    }
    Ok(Outcome::Done)
}

async fn record(s: &Services, report: Report) -> Result<()> {
    let Some(stamp) = Stamp::read(&report.context) else { return Ok(()) };
    let (services, now) = (s.clone(), s.clock.now());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            match stamp.of {
                Of::Notice(id) => settle(&services, tx, (id, stamp), &report, now).await,
                Of::Test(id) => probe::settle::text(&services, tx, (id, stamp), &report, now).await,
            }
        })
    });
    unit.await
}

/// Moves a message on; one that did not arrive is followed by the person's next channel at once, or
/// else by the next person.
async fn settle(
    s: &Services,
    tx: &Tx,
    (id, stamp): (NoticeId, Stamp),
    report: &Report,
    now: Timestamp,
) -> Result<()> {
    let Some(notice) = store::notice::find(tx, id).await? else { return Ok(()) };
    if notice.channel != Channel::Sms || !stamp.is_from(notice.created_at) {
        return Ok(());
    }
    let Some(case) = store::case::find_locked(tx, notice.case_id).await? else { return Ok(()) };
    // Read again under the lock: whoever ends a notice holds it too.
    let Some(before) = store::notice::find(tx, id).await? else { return Ok(()) };
    let class = if report.delivered { "delivered" } else { "not_delivered" };
    let mut change = Change::new(s, case, now);
    // Whoever sent it has not written down, or never will, that the provider took it over.
    if before.state == NoticeState::Sending {
        ending::accepted(&mut change, tx, &before, None).await?;
    }
    let moved = store::notice::set_delivered(tx, id, (report.delivered, class), now).await?;
    match moved {
        // Nobody knew until now that it had left.
        Some(notice) if report.delivered && before.state == NoticeState::Unknown => {
            ending::taken_over(&mut change, &notice, None)?;
        }
        Some(notice) if !report.delivered => {
            let why = report.description.as_str();
            tracing::warn!(notice = id.0, why, "a text message did not arrive");
            if !ending::went_on(&before) {
                ending::follow_up(&mut change, tx, &notice, &Failed::dead(class)).await?;
            }
        }
        _ => {}
    }
    change.store_observed(tx).await?;
    Ok::<_, Error>(())
}

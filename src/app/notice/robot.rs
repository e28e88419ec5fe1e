//! Group robots: a group hears that the street's command was told of a case.
//!
//! A group is no person: what is said there counts nowhere as a sign that somebody was reached, and
//! what fails there is repeated by no other channel. A robot that WeCom does not know any more is
//! left alone for a day, which an operator reads.

use std::time::Duration;

use entity::kinds::{JobKind, Timestamp};
use entity::{cases, robot_line};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::letter::is_waiting;
use crate::app::case::tell;
use crate::app::work::Outcome;
use crate::domain::notice::{BACKOFF_CAP, RobotTurn, robot_line as words, robot_text, robot_turn};
use crate::error::{Error, Result};
use crate::gateway::wechat::{Class, Failure};
use crate::services::Services;
use crate::store::job::NewJob;
use crate::store::scope::Scope;
use crate::store::writer::Tx;
use crate::store::{self};

const MINUTE: Duration = Duration::from_mins(1);
/// WeCom's numbers that say that there is no such robot, or that it may not speak here; all others are
/// about the line.
const GONE: [i64; 4] = [93_000, 93_004, 93_006, 93_008];
/// How long a robot is left alone that WeCom does not know.
pub const OFF: Duration = Duration::from_hours(24);
/// After urgent messages to people, before the rest.
const PRIORITY: i32 = 40;

/// Plans that the robots of the street and of the case's community tell of a step of its chain.
pub async fn plan(
    s: &Services,
    tx: &Tx,
    case: &cases::Model,
    (round, step): (u32, u32),
    now: Timestamp,
) -> Result<()> {
    let mut jobs = Vec::new();
    let at = tell::planned_at(case, now);
    for key in robots_of(s, case) {
        let name = name_of(key);
        let dedup_key = format!("{}/{round}/{step}/{name}", case.id);
        if let Some(line) = store::robot::plan(tx, (&name, case.id), &dedup_key, at).await? {
            jobs.push(job(s, line, now));
        }
    }
    Ok(store::job::enqueue(tx, jobs, now).await?)
}

fn job(s: &Services, line: i64, now: Timestamp) -> NewJob {
    NewJob {
        kind: JobKind::RobotLine,
        dedup_key: line.to_string(),
        payload: json!({ "line": line }).to_string(),
        priority: PRIORITY,
        run_at: now,
        max_attempt: s.settings.max_attempt,
        trace_id: crate::telemetry::trace_id(),
    }
}

fn robots_of<'s>(s: &'s Services, case: &cases::Model) -> Vec<&'s SecretString> {
    let robots = &s.settings.robots;
    let places = s.places.now();
    let large = case.large_grid_id.and_then(|id| places.name(id));
    let own = large.and_then(|grid| robots.grids.get(&grid.external_id));
    robots.street.iter().chain(own.into_iter().flatten()).collect()
}

/// Names a robot without giving its key away.
fn name_of(key: &SecretString) -> String {
    let mut name = hex::encode(Sha256::digest(key.expose_secret()));
    name.truncate(16);
    name
}

fn key_of<'s>(s: &'s Services, name: &str) -> Option<&'s SecretString> {
    let robots = &s.settings.robots;
    let mut all = robots.street.iter().chain(robots.grids.values().flatten());
    all.find(|key| name_of(key) == name)
}

/// What a line's job has to do.
enum Task {
    Nothing,
    Wait(Timestamp),
    /// It was being said when its process ended; nobody knows whether it was.
    Doubtful,
    Say {
        robot: String,
        text: String,
    },
}

/// Says a line, alone or with everything that waits. Fails only when the database does.
pub async fn run(s: &Services, id: i64) -> Result<Outcome> {
    let (services, now) = (s.clone(), s.clock.now());
    let unit =
        s.writer.commit(move |tx| Box::pin(async move { prepare(&services, tx, id, now).await }));
    let (robot, text) = match unit.await? {
        Task::Nothing => return Ok(Outcome::Done),
        Task::Wait(until) => return Ok(later(until, "the robot spoke often enough this minute")),
        Task::Doubtful => return end(s, id, Outcome::Unknown { why: "interrupted".into() }).await,
        Task::Say { robot, text } => (robot, text),
    };
    let Some(key) = key_of(s, &robot) else {
        let why = "the robot is not configured any more".to_owned();
        return end(s, id, Outcome::Dead { why }).await;
    };
    match s.wecom.say(key, &text).await {
        Ok(()) => end(s, id, Outcome::Done).await,
        Err(failure) => failed(s, (id, &robot), failure).await,
    }
}

fn later(at: Timestamp, why: &str) -> Outcome {
    Outcome::Retry { at: Some(at), counted: false, why: why.to_owned() }
}

async fn prepare(s: &Services, tx: &Tx, id: i64, now: Timestamp) -> Result<Task> {
    let said = |line: &robot_line::Model| line.done_at.is_some();
    let Some(line) = store::robot::find(tx, id).await?.filter(|line| !said(line)) else {
        return Ok(Task::Nothing);
    };
    let robot = store::robot::hold(tx, &line.robot).await?;
    // Read again under the lock: another line may have taken this one along.
    let line = store::robot::find(tx, id).await?.filter(|line| !said(line));
    let (Some(robot), Some(line)) = (robot, line) else { return Ok(Task::Nothing) };
    if line.message.is_some_and(|message| message != id) {
        return Ok(Task::Nothing);
    }
    if line.taken_at.is_some() {
        return Ok(Task::Doubtful);
    }
    if robot.off_at.is_some_and(|at| !at.is_ahead_of(now) && now.since(at) < OFF) {
        store::robot::finish(tx, id, now).await?;
        return Ok(Task::Nothing);
    }
    let spoken = store::robot::spoken(tx, &line.robot, now - MINUTE).await?;
    let everything = match robot_turn(&spoken, robot.rests_until, now) {
        RobotTurn::Wait(until) => return Ok(Task::Wait(until)),
        RobotTurn::All => true,
        RobotTurn::One => false,
    };
    let taken = store::robot::take(tx, &line, everything, now).await?;
    // Here, so that lines of which something cannot be read stay untaken: nobody would say them.
    let Some(text) = text(s, tx, &taken).await? else {
        // Given back first: what is not said uses up nothing of the robot's minute.
        store::robot::untake(tx, id).await?;
        store::robot::finish(tx, id, now).await?;
        return Ok(Task::Nothing);
    };
    Ok(Task::Say { robot: line.robot, text })
}

/// Writes what is still to be said of these lines; `None` when that is nothing.
async fn text(s: &Services, tx: &Tx, lines: &[robot_line::Model]) -> Result<Option<String>> {
    let mut said = Vec::with_capacity(lines.len());
    for line in lines {
        let case = store::case::find(tx, &Scope::Street, line.case_id).await?;
        if let Some(case) = case.filter(|case| is_current(case, line)) {
            said.push(words(&tell::facts(s, &case, line.planned_at)));
        }
    }
    Ok((!said.is_empty()).then(|| robot_text(&said)))
}

/// Tells whether a case still waits in the chain of which a line tells. While its robot rested, somebody
/// may have taken it, or given it to others, whose chain speaks for itself.
fn is_current(case: &cases::Model, line: &robot_line::Model) -> bool {
    is_waiting(case) && line.planned_at >= case.escalation_base
}

async fn failed(s: &Services, (id, name): (i64, &str), failure: Failure) -> Result<Outcome> {
    let why = failure.to_string();
    if failure.doubtful {
        return end(s, id, Outcome::Unknown { why }).await;
    }
    let now = s.clock.now();
    if let Some(outcome) = again(&failure, now) {
        give_back(s, id, (name, rests_until(&failure, now))).await?;
        return Ok(outcome);
    }
    let errcode = failure.errcode;
    if !errcode.is_some_and(|code| GONE.contains(&code)) {
        tracing::error!(robot = name, errcode, why, "a group did not get this line");
        return end(s, id, Outcome::Dead { why }).await;
    }
    tracing::error!(
        robot = name,
        errcode,
        why,
        "a group robot is refused and left alone for a day"
    );
    let name = name.to_owned();
    let unit = s.writer.commit(move |tx| {
        Box::pin(
            async move { Ok::<_, Error>(store::robot::set_off(tx, &name, errcode, now).await?) },
        )
    });
    unit.await?;
    end(s, id, Outcome::Dead { why }).await
}

/// Says when a line that was refused is said again: not before the platform wants it; `None` when
/// WeCom refuses the line or its robot for good. A status without its words is somebody's in between.
fn again(failure: &Failure, now: Timestamp) -> Option<Outcome> {
    let asked = failure.retry_after.map(|asked| asked.min(BACKOFF_CAP));
    let why = failure.to_string();
    if let Some(until) = rests_until(failure, now) {
        return Some(later(until, &why));
    }
    let passes = failure.class == Class::Retry || failure.errcode.is_none();
    passes.then(|| Outcome::Retry { at: asked.map(|asked| now + asked), counted: true, why })
}

/// Says until when a robot rests that spoke too often: as long as it is told to, or as long as WeCom's
/// window is; `None` where the refusal is about something else.
fn rests_until(failure: &Failure, now: Timestamp) -> Option<Timestamp> {
    let asked = failure.retry_after.map_or(MINUTE, |asked| asked.min(BACKOFF_CAP));
    (failure.class == Class::RateLimited).then(|| now + asked)
}

/// Gives a message back that was certainly not said. Where its robot rests, everything else that waits
/// for it would be refused as well.
async fn give_back(
    s: &Services,
    id: i64,
    (name, rests_until): (&str, Option<Timestamp>),
) -> Result<()> {
    let name = name.to_owned();
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            if let Some(until) = rests_until {
                store::robot::rest(tx, &name, until).await?;
            }
            Ok::<_, Error>(store::robot::untake(tx, id).await?)
        })
    });
    unit.await
}

/// Ends the message of a line and counts how it went.
async fn end(s: &Services, id: i64, outcome: Outcome) -> Result<Outcome> {
    let now = s.clock.now();
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move { Ok::<_, Error>(store::robot::finish(tx, id, now).await?) })
    });
    unit.await?;
    s.metrics.robot_messages.with_label_values(&[outcome.word()]).inc();
    Ok(outcome)
}

/// Ends a line whose job will not run again.
pub async fn give_up(s: &Services, id: i64) -> Result<()> {
    end(s, id, Outcome::Dead { why: "gave up".to_owned() }).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::wechat::Endpoint;

    #[test]
    fn a_robot_that_is_to_wait_waits_as_long_as_it_is_told() {
        let now = Timestamp(1_000_000);
        let at = |class, seconds: Option<u64>| {
            let retry_after = seconds.map(Duration::from_secs);
            let failure = Failure {
                endpoint: Endpoint::Template,
                class,
                // A status alone has none.
                errcode: (class == Class::ContentRejected).then_some(85_002),
                status: None,
                rid: None,
                doubtful: false,
                retry_after,
                detail: String::new(),
            };
            match again(&failure, now) {
                Some(Outcome::Retry { at, counted, .. }) => Some((at.map(|at| at.0), counted)),
                _ => None,
            }
        };
        assert_eq!(at(Class::RateLimited, None), Some((Some(61_000_000), false)));
        assert_eq!(at(Class::RateLimited, Some(7)), Some((Some(8_000_000), false)));
        assert_eq!(at(Class::Retry, Some(7)), Some((Some(8_000_000), true)));
        assert_eq!(at(Class::Retry, None), Some((None, true)), "the growing waits of the engine");
        let cap = i64::try_from(BACKOFF_CAP.as_micros()).unwrap();
        assert_eq!(at(Class::Retry, Some(999_999)), Some((Some(1_000_000 + cap), true)));
        assert_eq!(at(Class::ConfigError, Some(7)), Some((Some(8_000_000), true)), "in between");
        assert_eq!(at(Class::ContentRejected, Some(7)), None);
    }
}

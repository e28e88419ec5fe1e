//! Sends one notice: prepare and commit, call WeChat; what came of it is recorded apart (`verdict`).

use std::sync::Arc;
use std::time::Duration;

use entity::kinds::{Channel, NoticeId, NoticeState, Timestamp};
use rand::RngExt;
use tokio::time::{Instant, sleep};

use super::card;
use super::ending::{self, Failed};
use super::letter::{self, Address, Letter, Prepared};
use super::stamp;
use super::verdict::{Called, Receipt, Verdict};
use crate::app::case::change::Change;
use crate::app::work::{Outcome, Try};
use crate::crash;
use crate::domain::notice::{self as table, BACKOFF_CAP, Class, QUICK_TRIES, Trial, backoff};
use crate::domain::phone::{Phone, PhoneKind};
use crate::error::{Error, Result};
use crate::gateway::sms::{Failure, failure as sms};
use crate::gateway::wechat::{
    Class as Answer, EmployeeMessage, Sent, SubscribeMessage, TemplateMessage,
};
use crate::services::Services;
use crate::store::{self};

/// WeChat's answers that pass by themselves; any other number nobody described gets few tries.
const PASSING: [i64; 4] = [-1, 43_108, 6_000, 45_033];
/// WeChat was seen to call a good template wrong for a moment.
const FALSE_ALARM: i64 = 40_037;
pub(in crate::app) const DAILY_QUOTA: i64 = 45_009;
/// The person did not allow a subscribe message, or not any more.
pub(in crate::app) const NO_CONSENT: i64 = 43_101;
const TOO_OFTEN_FOR_ONE: i64 = 43_117;
const DAY_MICROS: i64 = 24 * 3_600_000_000;
/// China has no daylight saving time.
const CHINA_OFFSET_MICROS: i64 = 8 * 3_600_000_000;

/// How far a try came.
#[derive(Clone, Debug)]
pub enum Sending {
    /// A provider was called; nobody has recorded yet what came of it.
    Called(Arc<Called>),
    /// It is over.
    Over(Outcome),
}

/// Calls a provider with a notice unless that has ended or must wait. Fails only when the database
/// does; what the provider answers is to be recorded.
pub async fn run(s: &Services, id: NoticeId, this: Try) -> Result<Sending> {
    let (services, now) = (s.clone(), s.clock.now());
    let prepared = s
        .writer
        .commit(move |tx| Box::pin(async move { letter::prepare(&services, tx, id, now).await }))
        .await;
    let prepared = letter::settled(s, prepared, (&[id], now)).await?;
    let outcome = match prepared {
        Prepared::Send(letter) => {
            crash::point("notice.marked");
            return Ok(Sending::Called(Arc::new(call_out(s, *letter, this).await)));
        }
        Prepared::Missing => Outcome::Dead { why: "there is no such notice".to_owned() },
        Prepared::Over => Outcome::Done,
        Prepared::Wait(until) => {
            let why = "waits for the content check or its turn".to_owned();
            Outcome::Retry { at: Some(until), counted: false, why }
        }
    };
    Ok(Sending::Over(outcome))
}

/// Calls a provider with a letter whose notice is committed as being sent.
pub async fn call_out(s: &Services, letter: Letter, this: Try) -> Called {
    crash::point_of("notice.call", letter.notice.id.0);
    let (answer, tries) = deliver(s, &letter, this.generation).await;
    crash::point("notice.called");
    if let Err(failure) = &answer {
        let (refused, now) = ((letter.notice.channel, failure.errcode), s.clock.now());
        s.quotas.refused(refused, now);
        s.gate.refused(refused, now);
    }
    let verdict = judge(&letter, answer, (this, tries), s.clock.now());
    Called { letter, verdict }
}

/// Ends a notice whose job will not run again, so that the next person is told.
pub async fn give_up(s: &Services, id: NoticeId) -> Result<()> {
    let (services, now) = (s.clone(), s.clock.now());
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                let Some(notice) = store::notice::find(tx, id).await? else { return Ok(()) };
                let Some(case) = store::case::find_locked(tx, notice.case_id).await? else {
                    return Ok(());
                };
                let mut change = Change::new(&services, case, now);
                let failed = match notice.state {
                    NoticeState::Sending => Failed::unknown("gave_up", true),
                    _ => Failed::dead("gave_up"),
                };
                ending::failed(&mut change, tx, &notice, &failed).await?;
                change.store_observed(tx).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Calls WeChat, three times at most while it says that it is only busy. A call that may have
/// succeeded is not repeated here.
async fn deliver(s: &Services, letter: &Letter, generation: i32) -> (Answered, u32) {
    let begun = Instant::now();
    let mut tries = 1;
    loop {
        let answer = call(s, letter, generation).await;
        let passing = answer.as_ref().is_err_and(|f| f.class == Answer::Retry && !f.doubtful);
        let wait = Duration::from_secs(1 << (tries - 1));
        let asked = answer.as_ref().err().and_then(|failure| failure.retry_after);
        if passing && asked.is_some_and(|asked| asked > wait) {
            // No quick try is wanted: what is urgent goes another way now.
            return (answer, QUICK_TRIES);
        }
        // The rest of the time belongs to the last call.
        let late = begun.elapsed() > s.settings.job_limit / 3;
        if !passing || tries >= QUICK_TRIES || late {
            return (answer, tries);
        }
        sleep(wait).await;
        tries += 1;
    }
}

async fn call(s: &Services, letter: &Letter, generation: i32) -> Answered {
    let notice = &letter.notice;
    let to = match &letter.to {
        Address::Openid(openid) => openid.clone(),
        Address::Mobile(sealed, context) => {
            return text(s, letter, (sealed, context)).await.map(Receipt::from);
        }
        Address::Member(userid) => {
            let shown = s.wecom.send_card(&card::of(s, letter, userid)).await?;
            return Ok(Receipt { msgid: None, card: shown.response_code });
        }
    };
    s.quotas.spend(s, notice.channel);
    let template_id = letter.template.clone();
    let (page, data) = (Some(notice.page.clone()), letter.fields.clone());
    if notice.channel == Channel::Employee {
        let page = notice.page.clone();
        let message = EmployeeMessage { to, template_id, page, data };
        Ok(s.wechat.send_employee(&message).await?.into())
    } else if notice.channel == Channel::OaTemplate {
        // Each try may have arrived, whatever was answered; whoever is told anew, after the platform
        // took the message and lost it, would be taken for a repeat under the same key.
        let client_msg_id = format!("{}-{generation}", stamp::of_notice(notice));
        let message = TemplateMessage { to, template_id, page, client_msg_id, data };
        Ok(s.wechat.send_template(&message).await?.into())
    } else {
        let message = SubscribeMessage { to, template_id, page, data };
        Ok(s.wechat.send_subscribe(&message).await?.into())
    }
}

/// Sends a text message: the kind of the notice, then the first four fields of its card.
async fn text(
    s: &Services,
    letter: &Letter,
    (sealed, context): (&str, &str),
) -> std::result::Result<Sent, Failure> {
    let mobile = open_mobile(s, (sealed, context))?;
    let kind = letter.notice.kind.zh();
    let mut words = vec![match letter.stands_for {
        1 => kind.to_owned(),
        many => format!("{kind}等{many}件"),
    }];
    words.extend(letter.fields.iter().take(4).map(|(_, value)| value.clone()));
    let key = stamp::of_notice(&letter.notice);
    s.sms.send(&mobile.as_str().into(), &words, &key, s.clock.now()).await
}

/// Opens a number for one call. One that can get no message is for the chain the same as one the
/// provider refuses.
pub(in crate::app) fn open_mobile(
    s: &Services,
    (sealed, context): (&str, &str),
) -> std::result::Result<Phone, Failure> {
    let number = s.vault.open(context, sealed).ok().and_then(|raw| Phone::parse(&raw).ok());
    let mobile = number.filter(|number| number.kind() == PhoneKind::Mobile);
    mobile.ok_or_else(|| sms::of_code(sms::NO_MOBILE, None))
}

type Answered = std::result::Result<Receipt, Failure>;

fn judge(letter: &Letter, answer: Answered, (this, tries): (Try, u32), now: Timestamp) -> Verdict {
    let failure = match answer {
        Ok(receipt) => return Verdict::Accepted(receipt),
        Err(failure) => failure,
    };
    report(letter, &failure);
    let why = failure.detail.clone();
    if failure.errcode == Some(FALSE_ALARM) && this.attempt == 1 {
        let (at, doubtful) = (None, letter.doubted);
        return Verdict::Again { at, counted: true, doubtful, unless_led: false, why };
    }
    let trial = Trial {
        channel: letter.notice.channel,
        urgency: letter.urgency,
        attempt: this.attempt.saturating_sub(1).saturating_mul(QUICK_TRIES).saturating_add(tries),
        max_attempt: most_tries(&failure, this),
        since_first: age(letter.first_at, &failure, now),
    };
    match table::outcome(class(&failure), &trial) {
        table::Outcome::Done => Verdict::Accepted(Receipt::default()),
        again @ (table::Outcome::Retry { .. } | table::Outcome::OtherWay) => {
            let at = wait(letter.notice.channel, &failure, (this.attempt, now));
            let doubtful = failure.doubtful || letter.doubted;
            let counted = again != table::Outcome::Retry { counted: false };
            let unless_led = again == table::Outcome::OtherWay;
            Verdict::Again { at, counted, doubtful, unless_led, why }
        }
        table::Outcome::NextChannel => {
            let failure = for_an_operator(letter, failure);
            Verdict::Failed(dead(letter, &failure, true))
        }
        table::Outcome::Dead => Verdict::Failed(dead(letter, &failure, false)),
        table::Outcome::Unknown { next_channel } => {
            Verdict::Failed(Failed::unknown("no_answer", next_channel))
        }
    }
}

/// How long after the first try the next one may be made: whoever must leave a provider alone for longer
/// than a doubt is endured goes on now.
fn age(first_at: Timestamp, failure: &Failure, now: Timestamp) -> Duration {
    let asked = failure.retry_after.unwrap_or_default().min(BACKOFF_CAP);
    now.since(first_at).saturating_add(asked)
}

/// Returns when a message that was refused may be tried again: when the quota opens, or not before
/// the provider wants it; `None` leaves it to the growing waits of the engine.
pub(in crate::app) fn wait(
    channel: Channel,
    failure: &Failure,
    (attempt, now): (u32, Timestamp),
) -> Option<Timestamp> {
    let asked = failure.retry_after;
    if class(failure) != Class::RateLimited {
        return asked.map(|asked| now + backoff(attempt, rand::rng().random(), Some(asked)));
    }
    let said = asked.filter(|_| failure.errcode.is_none());
    Some(said.map_or_else(
        || window(channel, failure.errcode, now),
        |asked| now + asked.min(BACKOFF_CAP),
    ))
}

fn report(letter: &Letter, failure: &Failure) {
    let (notice, errcode) = (letter.notice.id.0, failure.errcode);
    if matches!(failure.class, Answer::ConfigError | Answer::RefreshToken) {
        tracing::error!(
            notice,
            errcode,
            rid = failure.rid,
            detail = failure.detail,
            "a provider refuses our configuration; messages do not arrive until somebody corrects it"
        );
    } else {
        tracing::warn!(notice, errcode, rid = failure.rid, detail = failure.detail,
            class = ?failure.class, doubtful = failure.doubtful, "a notice was not accepted");
    }
}

pub(in crate::app) const fn class(failure: &Failure) -> Class {
    if failure.doubtful {
        return Class::Ambiguous;
    }
    match failure.class {
        Answer::Retry => Class::Retry,
        Answer::RefreshToken => Class::RefreshToken,
        Answer::RateLimited => Class::RateLimited,
        Answer::DropRecipient => Class::DropRecipient,
        Answer::ConfigError => Class::ConfigError,
        Answer::ContentRejected => Class::ContentRejected,
        Answer::ClientError => Class::ClientError,
    }
}

pub(in crate::app) const fn word(class: Class) -> &'static str {
    match class {
        Class::Ok => "ok",
        Class::Retry => "unavailable",
        Class::RefreshToken => "token_refused",
        Class::RateLimited => "rate_limited",
        Class::DropRecipient => "unreachable",
        Class::ConfigError => "config_error",
        Class::ContentRejected => "content_rejected",
        Class::ClientError => "client_error",
        Class::Ambiguous => "no_answer",
    }
}

fn dead(letter: &Letter, failure: &Failure, next_channel: bool) -> Failed {
    let class = class(failure);
    Failed {
        // What an earlier try may have done, a refusal of this one does not undo.
        state: if letter.doubted { NoticeState::Unknown } else { NoticeState::Dead },
        errcode: failure.errcode,
        next_channel,
        unreachable: (class == Class::DropRecipient).then(|| match &letter.to {
            Address::Openid(openid) => openid.clone(),
            Address::Member(userid) => userid.clone(),
            Address::Mobile(..) => String::new(),
        }),
        ..Failed::dead(word(class))
    }
}

/// A number that nobody described and that did not pass within its attempts is the operator's, who
/// finds it in the log.
fn for_an_operator(letter: &Letter, failure: Failure) -> Failure {
    if failure.class != Answer::Retry || is_described(&failure) {
        return failure;
    }
    let failure = Failure { class: Answer::ConfigError, ..failure };
    report(letter, &failure);
    failure
}

fn is_described(failure: &Failure) -> bool {
    failure.errcode.is_none_or(|code| PASSING.contains(&code))
}

/// A number that nobody described is given three attempts; an operator then finds it in the log.
/// The last attempt is over after its first quick try when there was no time for more.
fn most_tries(failure: &Failure, this: Try) -> u32 {
    let attempts = if is_described(failure) { this.max_attempt } else { this.max_attempt.min(3) };
    attempts.saturating_sub(1).saturating_mul(QUICK_TRIES).saturating_add(1)
}

/// Returns when a quota opens again. WeCom blocks for about as long as the window was that was used
/// up, and does not say which one.
pub(in crate::app) fn window(channel: Channel, errcode: Option<i64>, now: Timestamp) -> Timestamp {
    match errcode {
        _ if channel == Channel::WecomCard => now + Duration::from_mins(1),
        Some(DAILY_QUOTA | sms::APP_DAY | sms::NUMBER_DAY | sms::SAME_WORDS) => midnight(now),
        Some(sms::NUMBER_HOUR) => now + Duration::from_hours(1),
        Some(TOO_OFTEN_FOR_ONE) => now + Duration::from_mins(10),
        _ => now + Duration::from_mins(1),
    }
}

/// Returns when the day's quotas open again.
pub const fn midnight(now: Timestamp) -> Timestamp {
    let local = now.0.saturating_add(CHINA_OFFSET_MICROS);
    let left = DAY_MICROS - local.rem_euclid(DAY_MICROS);
    Timestamp(now.0.saturating_add(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_000_000_000_000);

    fn refused(class: Answer, errcode: Option<i64>, seconds: Option<u64>) -> Failure {
        let (retry_after, detail) = (seconds.map(Duration::from_secs), String::new());
        Failure { class, errcode, rid: None, doubtful: false, retry_after, detail }
    }

    #[test]
    fn whoever_says_how_long_to_leave_him_alone_is_left_alone_so_long_and_no_day() {
        let wait = |failure: &Failure| {
            wait(Channel::OaTemplate, failure, (1, NOW)).map(|at| at.since(NOW).as_secs())
        };
        for (class, errcode, asked, least, most) in [
            (Answer::RateLimited, None, Some(300), 300, 300),
            (Answer::RateLimited, None, Some(86_400), 1_800, 1_800),
            (Answer::RateLimited, None, None, 60, 60),
            // The platform's own number says more than its gateway's header.
            (Answer::RateLimited, Some(45_011), Some(300), 60, 60),
            (Answer::Retry, None, Some(300), 300, 1_800),
        ] {
            let waited = wait(&refused(class, errcode, asked)).unwrap();
            assert!((least..=most).contains(&waited), "{class:?} {errcode:?} {asked:?}: {waited}");
        }
        assert_eq!(wait(&refused(Answer::Retry, None, None)), None, "the engine's own waits grow");
        let age =
            |asked| age(NOW, &refused(Answer::Retry, None, asked), NOW + Duration::from_secs(8));
        assert_eq!([None, Some(60)].map(|asked| age(asked).as_secs()), [8, 68]);
    }
}

//! What a group robot says, and how fast it may.
//!
//! A robot's group is no person: nothing here counts as having reached anybody.

use std::time::Duration;

use entity::kinds::Timestamp;

use super::sending::BACKOFF_CAP;
use super::words::NoticeView;
use super::words::minute;

/// WeCom's limit for one robot; what exceeds it is refused, for minutes.
pub const PER_MINUTE: usize = 20;
/// The most bytes of one text.
const MOST_BYTES: usize = 2_048;
const MINUTE: Duration = Duration::from_mins(1);

/// What a robot may do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Say one thing.
    One,
    /// The last message of this minute: say everything that waits in it.
    All,
    /// Be silent until then.
    Wait(Timestamp),
}

/// Decides by when the robot spoke in the past minute, in any order, and by until when it rests because
/// WeCom said that it spoke too often; what lies ahead further than either may was written down before
/// the clock was put back.
pub fn turn(spoken: &[Timestamp], rests_until: Option<Timestamp>, now: Timestamp) -> Turn {
    let rests = |until: &Timestamp| *until > now && until.since(now) <= BACKOFF_CAP;
    if let Some(until) = rests_until.filter(rests) {
        return Turn::Wait(until);
    }
    let recent = spoken.iter().filter(|at| !at.is_ahead_of(now) && now.since(**at) < MINUTE);
    match (recent.clone().count(), recent.min()) {
        (PER_MINUTE.., Some(oldest)) => Turn::Wait(*oldest + MINUTE),
        (count, _) if count + 1 == PER_MINUTE => Turn::All,
        _ => Turn::One,
    }
}

/// Writes one case as a line: number, category, grid, time by which to act. Nothing of it comes
/// from a resident.
pub fn line(view: &NoticeView) -> String {
    let due = minute(view.due.unwrap_or(view.time));
    format!("{} {} {} 签收时限 {due}", view.number, view.category_zh, view.place)
}

/// Puts lines into one text that WeCom takes; those for which there is no room are counted.
pub fn text(lines: &[String]) -> String {
    let head =
        if lines.len() == 1 { "工单升级至街道" } else { "多件工单升级至街道" };
    let mut text = head.to_owned();
    for (at, line) in lines.iter().enumerate() {
        let rest = format!("\n另有 {} 件，请在系统中查看", lines.len() - at);
        if text.len() + line.len() + 1 + rest.len() > MOST_BYTES {
            text.push_str(&rest);
            return text;
        }
        text.push('\n');
        text.push_str(line);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nineteen_speak_alone_the_twentieth_for_all_and_then_there_is_silence() {
        let now = Timestamp(1_000_000_000);
        let spoken = |count: usize| vec![now; count];
        assert_eq!(turn(&spoken(0), None, now), Turn::One);
        assert_eq!(turn(&spoken(18), None, now), Turn::One);
        assert_eq!(turn(&spoken(19), None, now), Turn::All);
        let until = now + MINUTE;
        assert_eq!(turn(&spoken(20), None, now + Duration::from_secs(59)), Turn::Wait(until));
        assert_eq!(turn(&spoken(20), None, until), Turn::One, "a minute later all is forgotten");
        assert_eq!(turn(&spoken(20), None, now - Duration::from_secs(5)), Turn::Wait(until));
        assert_eq!(turn(&spoken(20), None, now - Duration::from_secs(6)), Turn::One, "put back");
    }

    #[test]
    fn who_was_told_to_be_silent_is_until_then_however_little_he_said() {
        let (now, until) = (Timestamp(1_000_000_000), Timestamp(1_007_000_000));
        assert_eq!(turn(&[], Some(until), now), Turn::Wait(until));
        assert_eq!(turn(&[now; 19], Some(until), now), Turn::Wait(until));
        assert_eq!(turn(&[], Some(until), until), Turn::One);
        assert_eq!(turn(&[], Some(until), now - BACKOFF_CAP), Turn::One, "the clock was put back");
    }

    #[test]
    fn a_text_never_exceeds_what_wecom_takes_and_says_what_it_leaves_out() {
        // Of each length, so that the last line ends at each distance from the limit.
        for long in 20..60 {
            let line = |at| format!("{at} {}", "水".repeat(long));
            let lines: Vec<String> = (0..100).map(line).collect();
            for count in 1..=lines.len() {
                let text = text(&lines[..count]);
                assert!(text.len() <= MOST_BYTES, "{count}: {}", text.len());
                let left = count - text.matches('水').count() / long;
                assert_eq!(text.contains(&format!("另有 {left} 件")), left > 0, "{count}");
            }
        }
        let lines = ["水".to_owned()];
        assert_eq!(text(&lines[..1]).lines().next(), Some("工单升级至街道"));
    }
}

use std::time::Duration;

use entity::kinds::{
    AccountId, Awaited, CaseId, CaseState, Channel, NoticeKind, ProbeKind, RejectionCode, StaffId,
    Timestamp, Urgency,
};
use proptest::prelude::*;

use super::*;

const NOON: Timestamp = Timestamp(1_795_406_400_000_000);

fn view() -> NoticeView {
    NoticeView {
        number: "NC-20261123-00042".into(),
        category_zh: "水电气暖".into(),
        place: "中山社区 阳光花园".into(),
        state: CaseState::Resolved,
        rejection: None,
        awaited: None,
        again: false,
        time: NOON,
        due: None,
        note: "网格员已到现场\n更换阀门，现已恢复供水😀，请您确认是否解决".into(),
    }
}

fn pairs(fields: Vec<(String, String)>) -> String {
    fields.into_iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("|")
}

#[test]
fn a_resolved_notice_reads_like_this() {
    let view = NoticeView { awaited: Some(Awaited::Result), ..view() };
    assert_eq!(
        pairs(fields(NoticeKind::Resolved, &view)),
        "character_string1=NC-20261123-00042|thing2=水电气暖|phrase3=等您确认\
         |time4=2026-11-23 12:00|thing5=网格员已到现场 更换阀门，现已恢复供水…",
    );
}

#[test]
fn a_new_case_notice_names_the_place_and_the_due_time() {
    let due = NOON + Duration::from_mins(10);
    let view = NoticeView { due: Some(due), note: String::new(), ..view() };
    assert_eq!(
        pairs(fields(NoticeKind::NewCase, &view)),
        "character_string1=NC-20261123-00042|thing2=水电气暖|thing3=中山社区 阳光花园\
         |time4=2026-11-23 12:10|thing5=无",
    );
}

#[test]
fn every_state_has_a_phrase_of_at_most_five_characters_that_is_not_cut() {
    for &state in CaseState::ALL {
        let all = fields(NoticeKind::Resolved, &NoticeView { state, ..view() });
        let phrase = &all.iter().find(|(key, _)| key == "phrase3").unwrap().1;
        assert_eq!(*phrase, state.plain_zh(None, None, false));
    }
    let (state, rejection) = (CaseState::Rejected, Some(RejectionCode::LegalProcedure));
    let asked = NoticeView { state: CaseState::OnHold, awaited: Some(Awaited::Papers), ..view() };
    assert!(pairs(fields(NoticeKind::Rests, &asked)).contains("phrase3=等您补充"));
    for kind in [NoticeKind::Rejected, NoticeKind::Diverted] {
        let told = pairs(fields(kind, &NoticeView { state, rejection, ..view() }));
        assert!(told.contains("phrase3=转法定途径"), "{told}");
    }
}

#[test]
fn a_layout_that_cannot_be_filled_is_refused() {
    let bad = |key: &str, slot| Layout::new(&[(key, slot)]) == Err(BadField(key.into()));
    assert!(bad("thing", Slot::Note) && bad("amount1", Slot::Note) && bad("first", Slot::Note));
    assert!(bad("time1", Slot::Note) && bad("thing1", Slot::Due));
    assert!(Layout::new(&[("phrase9", Slot::State), ("time1", Slot::Due)]).is_ok());
}

#[test]
fn every_field_has_a_name_that_a_card_can_print() {
    for &kind in NoticeKind::ALL {
        let names = labels(kind);
        assert_eq!(names.len(), fields(kind, &view()).len(), "{kind:?}");
        assert!(names.iter().all(|name| name.chars().count() <= 5), "{kind:?}: {names:?}");
    }
    assert_eq!(labels(NoticeKind::NewCase), ["工单号", "事项", "网格", "时限", "说明"]);
}

#[test]
fn keys_differ_in_every_part_and_repeat_for_the_same_intention() {
    let (case, staff) = (CaseId(5), Recipient::Staff(StaffId(7)));
    let oa = Channel::OaTemplate;
    assert_eq!(dedup_key(case, 0, Part::Step(2), staff, oa), "5/0/2/s7/oa_template");
    let reminder = Part::Event(NoticeKind::Reminder, 9);
    assert_eq!(dedup_key(case, 1, reminder, staff, oa), "5/1/reminder-9/s7/oa_template");
    let resident = Recipient::Resident(AccountId(7));
    let question = Part::Once(NoticeKind::Question);
    assert_eq!(dedup_key(case, 0, question, resident, Channel::Inbox), "5/0/question/r7/inbox");
}

#[test]
fn what_a_notice_opens_is_a_page_of_the_mini_program() {
    let app = include_str!("../../../miniprogram/src/app.json");
    let app: serde_json::Value = serde_json::from_str(app).unwrap();
    let names = |pages: &serde_json::Value| -> Vec<String> {
        let pages = pages.as_array().unwrap().iter();
        pages.map(|page| page.as_str().unwrap().to_owned()).collect()
    };
    let mut known = names(&app["pages"]);
    for package in app["subPackages"].as_array().unwrap() {
        let root = package["root"].as_str().unwrap();
        known.extend(names(&package["pages"]).iter().map(|page| format!("{root}/{page}")));
    }
    let (case, staff) = (CaseId(5), Recipient::Staff(StaffId(7)));
    let resident = Recipient::Resident(AccountId(7));
    let kinds = NoticeKind::ALL.iter();
    let notices = kinds.flat_map(|&kind| [page(kind, case, staff), page(kind, case, resident)]);
    let probes = ProbeKind::ALL.iter().filter_map(|&kind| probe_opens(kind)).map(str::to_owned);
    let code = crate::config::Config::default().codes.page;
    for page in notices.chain(probes).chain([code]) {
        let name = page.split('?').next().unwrap();
        assert!(known.iter().any(|one| one == name), "{page} is none of {known:?}");
    }
    assert_eq!(page(NoticeKind::NewCase, case, staff), "worker/case/index?id=5&from=new_case");
    assert_eq!(page(NoticeKind::Resolved, case, resident), "pages/case/index?id=5&from=resolved");
}

#[test]
fn doubtful_sends_follow_the_table_of_channels() {
    let doubt =
        |channel, minutes| after_doubt(channel, Urgency::Urgent, Duration::from_mins(minutes));
    let unknown = Doubt::GiveUpUnknown { next_channel: true };
    let rest = Duration::from_mins(7);
    assert_eq!(doubt(Channel::OaTemplate, 2), Doubt::RepeatSameKey { within: rest });
    assert_eq!(doubt(Channel::OaTemplate, 9), unknown);
    let rest = Duration::from_mins(27);
    assert_eq!(doubt(Channel::WecomCard, 2), Doubt::RepeatSameKey { within: rest });
    assert_eq!(doubt(Channel::WecomCard, 29), unknown);
    assert_eq!(doubt(Channel::MiniSubscribe, 0), unknown);
    assert_eq!(doubt(Channel::Employee, 0), unknown);
    assert!(matches!(doubt(Channel::Inbox, 9999), Doubt::RepeatSameKey { .. }));
    let calm = after_doubt(Channel::MiniSubscribe, Urgency::Normal, Duration::ZERO);
    assert_eq!(calm, Doubt::GiveUpUnknown { next_channel: false });
}

#[test]
fn each_class_of_answer_has_its_outcome() {
    let trial = |urgency, attempt| Trial {
        channel: Channel::OaTemplate,
        urgency,
        attempt,
        max_attempt: 12,
        since_first: Duration::from_secs(1),
    };
    let (urgent, calm) = (Urgency::Urgent, Urgency::Normal);
    let again = Outcome::Retry { counted: true };
    let table = [
        (Class::Ok, calm, 1, Outcome::Done),
        (Class::Retry, urgent, 2, again),
        (Class::Retry, urgent, 3, Outcome::NextChannel),
        (Class::Retry, calm, 11, again),
        (Class::Retry, calm, 12, Outcome::NextChannel),
        (Class::RateLimited, urgent, 1, Outcome::NextChannel),
        (Class::RateLimited, Urgency::Fast, 1, Outcome::NextChannel),
        (Class::RateLimited, calm, 12, Outcome::Retry { counted: false }),
        (Class::RateLimited, Urgency::Complex, 1, Outcome::Retry { counted: false }),
        (Class::Retry, Urgency::Fast, 3, again),
        (Class::RefreshToken, calm, 1, again),
        (Class::RefreshToken, urgent, 3, Outcome::NextChannel),
        (Class::RefreshToken, calm, 12, Outcome::NextChannel),
        (Class::DropRecipient, calm, 1, Outcome::NextChannel),
        (Class::ConfigError, calm, 1, Outcome::NextChannel),
        (Class::ContentRejected, calm, 1, Outcome::NextChannel),
        (Class::ClientError, calm, 1, Outcome::Dead),
        (Class::Ambiguous, calm, 1, again),
        (Class::Ambiguous, urgent, 12, Outcome::Unknown { next_channel: true }),
    ];
    for (class, urgency, attempt, want) in table {
        assert_eq!(
            outcome(class, &trial(urgency, attempt)),
            want,
            "{class:?} {urgency:?} {attempt}"
        );
    }
    let subscribe = Trial { channel: Channel::MiniSubscribe, ..trial(calm, 1) };
    assert_eq!(outcome(Class::Ambiguous, &subscribe), Outcome::Unknown { next_channel: false });
}

#[test]
fn an_urgent_doubt_goes_on_after_twenty_seconds_and_any_other_waits_for_its_key() {
    for channel in [Channel::OaTemplate, Channel::WecomCard] {
        let of = |urgency, seconds| {
            let since_first = Duration::from_secs(seconds);
            let trial = Trial { channel, urgency, attempt: 4, max_attempt: 34, since_first };
            outcome(Class::Ambiguous, &trial)
        };
        let (again, on) = (Outcome::Retry { counted: true }, Outcome::OtherWay);
        assert_eq!([19, 20].map(|seconds| of(Urgency::Urgent, seconds)), [again, on]);
        for urgency in [Urgency::Fast, Urgency::Complex, Urgency::Normal] {
            let late = Outcome::Unknown { next_channel: false };
            assert_eq!([20, 539, 1_740].map(|at| of(urgency, at)), [again, again, late]);
        }
    }
}

#[test]
fn waiting_doubles_up_to_the_cap_and_respects_the_provider() {
    let full = |attempt| backoff(attempt, 1.0, None).as_secs();
    assert_eq!([1, 2, 3, 11, 12, 99].map(full), [1, 2, 4, 1024, 1800, 1800]);
    assert_eq!(backoff(1, 0.5, Some(Duration::from_mins(1))), Duration::from_mins(1));
    assert_eq!(backoff(1, 0.5, Some(Duration::from_hours(9))), BACKOFF_CAP);
}

fn obeys(key: &str, value: &str) -> bool {
    let count = value.chars().count();
    let plain =
        !value.chars().any(|c| c.is_control() || "😀🏠✅☎\u{200d}\u{fe0f}\u{2028}".contains(c));
    let typed = match key.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "thing" => count <= 20,
        "phrase" => count <= 5 && value.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
        "character_string" => count <= 32 && value.chars().all(|c| c.is_ascii_graphic()),
        "time" => count == 16 && value.is_ascii(),
        _ => false,
    };
    plain && typed && !value.trim().is_empty()
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[ \n\t😀🏠✅☎\u{200d}\u{fe0f}\u{2028}中文a1]{0,60}"]
}

proptest! {
    #[test]
    fn every_field_obeys_its_type_whatever_was_written(
        texts in [any_text(), any_text(), any_text(), any_text()],
        state in 0..CaseState::ALL.len(), kind in 0..NoticeKind::ALL.len(),
        time in any::<i64>(), due in any::<Option<i64>>(),
    ) {
        let [number, category_zh, place, note] = texts;
        let (state, due) = (CaseState::ALL[state], due.map(Timestamp));
        let time = Timestamp(time);
        let view = NoticeView { number, category_zh, place, state, rejection: None, awaited: None, again: false, time, due, note };
        for (key, value) in fields(NoticeKind::ALL[kind], &view) {
            prop_assert!(obeys(&key, &value), "{} = {:?}", key, value);
        }
        let odd = [("phrase1", Slot::Note), ("character_string2", Slot::Place), ("thing3", Slot::State)];
        for (key, value) in Layout::new(&odd).unwrap().fill(&view) {
            prop_assert!(obeys(&key, &value), "{} = {:?}", key, value);
        }
    }

    #[test]
    fn a_wait_is_never_longer_than_the_cap(attempt in any::<u32>(), jitter in any::<f64>(), asked in any::<Option<u32>>()) {
        let asked = asked.map(|s| Duration::from_secs(u64::from(s)));
        let wait = backoff(attempt, jitter, asked);
        prop_assert!(wait <= BACKOFF_CAP && wait >= asked.unwrap_or_default().min(BACKOFF_CAP));
    }
}

//! What a resident describes: which of 110, 119, 120 and 122 it calls for. The mini-program, which
//! must know without a network, gets the same table (`npm run api`) and reads it the same way
//! (`miniprogram/src/utils/emergency.ts`); `tests/data/emergency*.txt` try both.
//!
//! People in need do not write the textbook's word, they write what they see: "喊他不答应", "掉河里了".
//! So the table holds *calls*, words that follow one another within a few characters, and what takes
//! a call back: a past, a worry, an errand. A false alarm costs one call, a missed one may cost a
//! life: what is both past and present counts as present.

mod call;
mod sentence;
mod table;

use serde::Serialize;

use table::TABLE;

/// A number to call before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Hotline {
    pub number: &'static str,
    pub zh: &'static str,
}

const FIRE: Hotline =
    Hotline { number: "119", zh: "火警、燃气泄漏、被困请立即拨打119" };
const POLICE: Hotline = Hotline { number: "110", zh: "人身安全受到威胁请立即拨打110" };
const MEDICAL: Hotline =
    Hotline { number: "120", zh: "有人受伤或突发疾病请立即拨打120" };
const TRAFFIC: Hotline = Hotline { number: "122", zh: "交通事故请立即拨打122" };
/// In this order they are shown.
const LINES: [Hotline; 4] = [FIRE, POLICE, MEDICAL, TRAFFIC];

const SENTENCE: &[char] = &['。', '！', '？', '；', '!', '?', ';'];

/// Lists the hotlines that a text calls for, each once, in the order of `LINES`.
pub fn hotlines(text: &str) -> Vec<Hotline> {
    // Residents put blanks and line breaks anywhere; none of the words has one.
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let called: Vec<&str> = text.split(SENTENCE).flat_map(|one| TABLE.called(one)).collect();
    LINES.into_iter().filter(|line| called.contains(&line.number)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<&'static str> {
        hotlines(text).iter().map(|line| line.number).collect()
    }

    #[test]
    fn emergency_words_name_the_right_hotlines_once() {
        assert_eq!(numbers("3号楼着火了，起火点在二楼，有人晕倒"), ["119", "120"]);
        assert_eq!(numbers("门口发生车祸"), ["122"]);
        assert_eq!(numbers("有人打 架"), ["110"]);
        assert!(numbers("没水了").is_empty());
        assert!(numbers("。！；").is_empty() && numbers("").is_empty());
    }

    #[test]
    fn what_is_over_feared_or_an_errand_is_no_emergency_unless_it_is_so_now() {
        assert!(numbers("去年着火的车棚没人清").is_empty());
        assert_eq!(numbers("去年着过火，现在又着火了"), ["119"]);
        assert!(numbers("担心孩子掉进河里").is_empty());
        assert!(numbers("摔伤了腿，想申请补助").is_empty());
        assert_eq!(numbers("想申请补助。我妈现在叫不醒"), ["120"], "sentence by sentence");
        assert_eq!(numbers("两辆车追尾了，没人受伤"), ["122"], "nobody is hurt");
    }

    #[test]
    fn every_call_has_a_number_that_is_shown_and_every_group_is_there() {
        let text = include_str!("table.json");
        let table: serde_json::Value = serde_json::from_str(text).unwrap();
        let groups = table["groups"].as_object().unwrap();
        let calls = table["calls"].as_object().unwrap();
        assert_eq!(calls.len(), LINES.len());
        assert!(LINES.iter().all(|line| calls.contains_key(line.number)));
        for named in text.split('@').skip(1) {
            let name: String = named.chars().take_while(char::is_ascii_lowercase).collect();
            assert!(groups.contains_key(&name), "@{name}");
        }
    }

    #[test]
    fn sentences_of_emergencies_raise_their_numbers_and_others_none() {
        let lines = include_str!("../../../../tests/data/emergency.txt").lines();
        for line in lines.filter(|line| !line.starts_with('#')) {
            let (want, text) = line.split_once(' ').unwrap();
            let want: Vec<&str> = want.split('+').filter(|number| *number != "-").collect();
            assert_eq!(numbers(text), want, "{text}");
        }
    }

    /// These were written without knowing the table. What should be called must be among what is
    /// shown, one of several at least.
    #[test]
    fn what_strangers_wrote_is_heard_and_their_everyday_matters_are_not() {
        let lines = include_str!("../../../../tests/data/emergency-strangers.txt").lines();
        let (mut alarms, mut calm, mut wrong) = (0, 0, Vec::new());
        for line in lines.filter(|line| !line.starts_with('#')) {
            let (want, text) = line.split_once(' ').unwrap();
            let found = numbers(text);
            let right = match want {
                "-" => found.is_empty(),
                want => want.split('+').any(|number| found.contains(&number)),
            };
            *(if want == "-" { &mut calm } else { &mut alarms }) += 1;
            if !right {
                wrong.push(line);
            }
        }
        assert!(alarms >= 400 && calm >= 400, "{alarms} {calm}");
        assert!(wrong.len() * 100 <= alarms + calm, "{} wrong: {wrong:#?}", wrong.len());
    }

    #[test]
    fn a_text_of_nothing_but_words_of_the_table_is_read_in_time() {
        let text = "我掉进河里出不来".repeat(200);
        assert_eq!(numbers(&text), ["119"]);
    }
}

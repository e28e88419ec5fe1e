//! Words of an emergency: which of 110, 119, 120 and 122 a text calls for. The mini-program, which
//! must know without a network, gets the same words (`npm run api`) and reads them the same way
//! (`miniprogram/src/utils/emergency.ts`); `tests/data/emergency.txt` tries both.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

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

/// `emergency.json`, in which `@name` stands for the words of a group.
#[derive(Debug, Default, Deserialize)]
struct Table {
    groups: HashMap<String, String>,
    words: Vec<Plain>,
    signs: Vec<Sign>,
    /// Who reached for what fell in, and is in danger himself.
    reached: String,
}

/// Words of an emergency. They are searched as plain parts of the text, negation and all: a false
/// alarm costs one call, a missed one may cost a life.
#[derive(Debug, Deserialize)]
struct Plain {
    line: String,
    words: String,
}

/// Words that mean an emergency only beside others: a subsidy "下不来" is not a person who "下不来".
/// Every field is words between blanks.
#[derive(Debug, Deserialize)]
struct Sign {
    line: String,
    words: String,
    /// Any of these in the same sentence; nothing: none is needed.
    near: String,
    /// Any of these in the same clause; nothing: none is needed.
    beside: String,
    /// None of these in the clause, except where somebody reached for the thing.
    unless: String,
}

/// Part of the program; the tests below read it.
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table: Table = serde_json::from_str(include_str!("emergency.json")).unwrap_or_default();
    let groups = std::mem::take(&mut table.groups);
    let unfold = |words: &mut String| {
        let named = |word: &str| word.strip_prefix('@').and_then(|name| groups.get(name));
        let all = words.split(' ').map(|word| named(word).map_or(word, String::as_str));
        *words = all.collect::<Vec<_>>().join(" ");
    };
    for sign in &mut table.signs {
        for words in [&mut sign.words, &mut sign.near, &mut sign.beside, &mut sign.unless] {
            unfold(words);
        }
    }
    table
});

const SENTENCE: &[char] = &['。', '！', '？', '；', '!', '?', ';'];
const CLAUSE: &[char] = &['，', '、', ',', '：', ':', '.', '…'];

fn has(text: &str, words: &str) -> bool {
    words.split(' ').any(|word| !word.is_empty() && text.contains(word))
}

impl Sign {
    fn is_in(&self, sentence: &str) -> bool {
        let fits = |clause: &str| {
            has(clause, &self.words)
                && (self.beside.is_empty() || has(clause, &self.beside))
                && (!has(clause, &self.unless) || has(clause, &TABLE.reached))
        };
        (self.near.is_empty() || has(sentence, &self.near)) && sentence.split(CLAUSE).any(fits)
    }
}

/// Lists the hotlines that the words of a text call for, each once, in the order of `LINES`.
pub fn hotlines(text: &str) -> Vec<Hotline> {
    // Residents put blanks and line breaks anywhere; none of the words has one.
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let sentences = || text.split(SENTENCE);
    let calls = |line: &Hotline| {
        let plain = |one: &Plain| one.line == line.number && has(&text, &one.words);
        let sign = |one: &Sign| one.line == line.number && sentences().any(|part| one.is_in(part));
        TABLE.words.iter().any(plain) || TABLE.signs.iter().any(sign)
    };
    LINES.into_iter().filter(calls).collect()
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
    }

    #[test]
    fn every_group_that_is_named_is_there_and_every_line_has_its_number() {
        assert_eq!((TABLE.words.len(), TABLE.signs.len()), (4, 12));
        let lines = TABLE.words.iter().map(|one| &one.line);
        for line in lines.chain(TABLE.signs.iter().map(|one| &one.line)) {
            assert!(LINES.iter().any(|one| one.number == line), "{line}");
        }
        for sign in &TABLE.signs {
            for words in [&sign.words, &sign.near, &sign.beside, &sign.unless] {
                assert!(!words.contains('@'), "{words}");
            }
        }
    }

    #[test]
    fn sentences_of_emergencies_raise_their_numbers_and_others_none() {
        let lines = include_str!("../../../tests/data/emergency.txt").lines();
        let (mut alarms, mut calm) = (0, 0);
        for line in lines.filter(|line| !line.starts_with('#')) {
            let (want, text) = line.split_once(' ').unwrap();
            let want: Vec<&str> = want.split('+').filter(|number| *number != "-").collect();
            assert_eq!(numbers(text), want, "{text}");
            let count = if want.is_empty() { &mut calm } else { &mut alarms };
            *count += 1;
        }
        assert!(alarms >= 40 && calm >= 40, "{alarms} {calm}");
    }
}

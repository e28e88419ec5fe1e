//! WeChat's opinion on a resident's words.
//!
//! WeChat answers `errcode` 0 for risky text too; only `result.suggest` counts. It checks at most
//! 2,500 characters at once and only for people who used the mini-program within two hours.

use serde::{Deserialize, Serialize};

use super::failure::{Class, Endpoint, Failure};
use super::{AppKind, Wechat};

/// WeChat's opinion, the mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing found.
    Pass,
    /// A person should look.
    Review,
    /// Not to be shown before a person has looked.
    Risky,
}

impl Verdict {
    /// Reads WeChat's word; `None` when it is another one.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        match word {
            "pass" => Some(Self::Pass),
            "review" => Some(Self::Review),
            "risky" => Some(Self::Risky),
            _ => None,
        }
    }
}

const WINDOW: usize = 2_500;
/// Parts overlap, or a word cut in two by the split would pass in both halves.
const OVERLAP: usize = 50;

#[derive(Serialize)]
struct Body<'a> {
    openid: &'a str,
    /// 2 = comment, the scene nearest to a request for help.
    scene: u8,
    version: u8,
    content: &'a str,
}

#[derive(Deserialize)]
struct Answer {
    result: Opinion,
}

#[derive(Deserialize)]
struct Opinion {
    suggest: String,
}

impl Wechat {
    /// Checks `text` of `openid` and returns the worst verdict on any of its parts. Fails when
    /// WeChat has no opinion; the caller then accepts the text as unchecked.
    pub async fn check_text(&self, openid: &str, text: &str) -> Result<Verdict, Failure> {
        let mut worst = Verdict::Pass;
        for content in &parts(text) {
            let body = Body { openid, scene: 2, version: 2, content };
            let answer = self.post::<_, Answer>(AppKind::Mini, Endpoint::CheckText, &body).await;
            let found = match answer {
                // The older kind of check has no other word for it.
                Err(failure) if failure.class == Class::ContentRejected => Verdict::Risky,
                answer => verdict(&answer?.result.suggest)?,
            };
            worst = worst.max(found);
        }
        Ok(worst)
    }
}

fn verdict(suggest: &str) -> Result<Verdict, Failure> {
    Verdict::from_word(suggest).ok_or_else(|| Failure::garbled(Endpoint::CheckText, suggest))
}

/// Cuts `text` into overlapping parts of at most `WINDOW` characters; blank text has none.
pub(super) fn parts(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.trim().chars().collect();
    let mut parts = Vec::new();
    let mut rest = chars.as_slice();
    while !rest.is_empty() {
        let (part, _) = rest.split_at(rest.len().min(WINDOW));
        parts.push(part.iter().collect());
        if rest.len() <= WINDOW {
            break;
        }
        (_, rest) = rest.split_at(WINDOW - OVERLAP);
    }
    parts
}

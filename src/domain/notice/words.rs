//! The words of a template message, cut to what WeChat accepts.
//!
//! A key such as `thing2` names its type and its number in the template. A value that breaks its
//! type's rule is refused as a whole message (47003), so every value is made to fit here.

use std::collections::BTreeSet;

use entity::kinds::{Awaited, CaseState, NoticeKind, RejectionCode, Timestamp};
use serde::{Deserialize, Serialize};

/// What a notice may tell about a case; nothing here identifies a resident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeView {
    pub number: String,
    pub category_zh: String,
    /// Community and compound at most, never the household.
    pub place: String,
    pub state: CaseState,
    /// Why it is not a matter of the street, where it is not.
    pub rejection: Option<RejectionCode>,
    /// What it waits for from whoever reported it.
    pub awaited: Option<Awaited>,
    /// It came back because it was not solved.
    pub again: bool,
    /// When it happened.
    pub time: Timestamp,
    /// By when the reader should act.
    pub due: Option<Timestamp>,
    pub note: String,
}

impl NoticeView {
    /// Returns the state in the words of whoever asked for help.
    pub const fn plain_state(&self) -> &'static str {
        self.state.plain_zh(self.rejection, self.awaited, self.again)
    }
}

/// The types of template fields that our templates use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// At most 20 characters of any kind.
    Thing,
    /// At most 5 Chinese characters and nothing else.
    Phrase,
    /// At most 32 digits, letters, symbols; no Chinese.
    CharacterString,
    /// `YYYY-MM-DD HH:MM`.
    Time,
}

/// What stands in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    Number,
    Category,
    Place,
    State,
    Time,
    Due,
    Note,
}

impl Slot {
    /// Returns what a card without labels of its own prints before the value.
    const fn zh(self) -> &'static str {
        match self {
            Self::Number => "工单号",
            Self::Category => "事项",
            Self::Place => "网格",
            Self::State => "状态",
            Self::Time => "时间",
            Self::Due => "时限",
            Self::Note => "说明",
        }
    }
}

/// A key whose type is not among ours, or does not fit its slot.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("template field {0} cannot be filled")]
pub struct BadField(pub String);

/// Which slot stands under which key of a template, as the operator's template has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout(Vec<(String, FieldType, Slot)>);

impl FieldType {
    /// Reads the type from a key: `thing2` is a thing. `None` for a type we do not fill.
    pub fn of_key(key: &str) -> Option<Self> {
        let name = key.trim_end_matches(|c: char| c.is_ascii_digit());
        if name.len() == key.len() {
            return None;
        }
        match name {
            "thing" => Some(Self::Thing),
            "phrase" => Some(Self::Phrase),
            "character_string" => Some(Self::CharacterString),
            "time" => Some(Self::Time),
            _ => None,
        }
    }

    /// Makes a text fit the type. Not for [`FieldType::Time`], whose values are instants.
    fn fit(self, raw: &str) -> String {
        let text = clean(raw);
        let (kept, empty) = match self {
            Self::Phrase => (text.chars().filter(|c| is_han(*c)).take(5).collect(), "无"),
            Self::CharacterString => {
                (text.chars().filter(char::is_ascii_graphic).take(32).collect(), "-")
            }
            Self::Thing | Self::Time => (cut(&text, 20), "无"),
        };
        if kept.is_empty() { empty.to_owned() } else { kept }
    }
}

impl Layout {
    /// Checks an operator's layout; fails with the first key that cannot be filled by its slot.
    pub fn new(fields: &[(&str, Slot)]) -> Result<Self, BadField> {
        let checked = fields.iter().map(|(key, slot)| {
            let kind = FieldType::of_key(key).ok_or_else(|| BadField((*key).to_owned()))?;
            let instant = matches!(slot, Slot::Time | Slot::Due);
            if (kind == FieldType::Time) == instant {
                Ok(((*key).to_owned(), kind, *slot))
            } else {
                Err(BadField((*key).to_owned()))
            }
        });
        checked.collect::<Result<_, _>>().map(Self)
    }

    /// Lists the keys that are filled.
    pub fn keys(&self) -> BTreeSet<String> {
        self.0.iter().map(|(key, ..)| key.clone()).collect()
    }

    /// Fills the template.
    pub fn fill(&self, view: &NoticeView) -> Vec<(String, String)> {
        let field = |(key, kind, slot): &(String, FieldType, Slot)| {
            (key.clone(), value(*kind, *slot, view))
        };
        self.0.iter().map(field).collect()
    }

    /// Returns the layout that our own templates have, per kind of notice.
    pub fn standard(kind: NoticeKind) -> Self {
        use FieldType::{CharacterString, Phrase, Thing, Time};
        let field = |key: &str, kind, slot| (key.to_owned(), kind, slot);
        let number = field("character_string1", CharacterString, Slot::Number);
        let category = field("thing2", Thing, Slot::Category);
        Self(match kind {
            NoticeKind::Question => {
                vec![number, field("thing2", Thing, Slot::Note), field("time3", Time, Slot::Due)]
            }
            NoticeKind::Acknowledged
            | NoticeKind::Resolved
            | NoticeKind::Rejected
            | NoticeKind::Diverted
            | NoticeKind::Rests
            | NoticeKind::Message
            | NoticeKind::Merged
            | NoticeKind::Outcome => vec![
                number,
                category,
                field("phrase3", Phrase, Slot::State),
                field("time4", Time, Slot::Time),
                field("thing5", Thing, Slot::Note),
            ],
            _ => vec![
                number,
                category,
                field("thing3", Thing, Slot::Place),
                field("time4", Time, Slot::Due),
                field("thing5", Thing, Slot::Note),
            ],
        })
    }
}

/// Fills our own template for a kind of notice: (key, value), every value within its type.
pub fn fields(kind: NoticeKind, view: &NoticeView) -> Vec<(String, String)> {
    Layout::standard(kind).fill(view)
}

/// Writes another note into filled fields of our own template for a kind of notice.
pub fn set_note(kind: NoticeKind, fields: &mut [(String, String)], note: &str) {
    let layout = Layout::standard(kind);
    let Some((key, field, _)) = layout.0.iter().find(|(.., slot)| *slot == Slot::Note) else {
        return;
    };
    for (_, value) in fields.iter_mut().filter(|(name, _)| name == key) {
        *value = field.fit(note);
    }
}

/// Names what stands in each of [`fields`], in the same order.
pub fn labels(kind: NoticeKind) -> Vec<&'static str> {
    Layout::standard(kind).0.iter().map(|(.., slot)| slot.zh()).collect()
}

fn value(kind: FieldType, slot: Slot, view: &NoticeView) -> String {
    match slot {
        Slot::Number => kind.fit(&view.number),
        Slot::Category => kind.fit(&view.category_zh),
        Slot::Place => kind.fit(&view.place),
        Slot::State => kind.fit(view.plain_state()),
        Slot::Note => kind.fit(&view.note),
        Slot::Time => minute(view.time),
        Slot::Due => minute(view.due.unwrap_or(view.time)),
    }
}

/// Writes an instant as the wall clock of the street shows it; an instant that no calendar holds
/// becomes the beginning of time, which a reader recognises as wrong and WeChat accepts.
pub(super) fn minute(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_microsecond(at.0)
        .ok()
        .map(|at| jiff::tz::offset(8).to_datetime(at))
        .filter(|at| at.year() >= 1970)
        .unwrap_or_else(|| jiff::civil::datetime(1970, 1, 1, 8, 0, 0, 0));
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// Removes what a field must not hold: line breaks and other controls, invisible marks, emoji.
fn clean(raw: &str) -> String {
    let spaced: String = raw
        .chars()
        .map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c })
        .filter(|c| !is_invisible(*c) && !is_emoji(*c))
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e000}'..='\u{f8ff}'
        | '\u{e0000}'..='\u{10ffff}')
}

fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{20e3}' | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{27bf}'
        | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}'
        | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}

fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(limit.saturating_sub(1)).collect();
    kept.push('…');
    kept
}

//! The text in one spelling, with the way back to the original characters.
//!
//! Full-width forms, traditional characters, circled digits and dashes become one form each; what
//! carries no word (emoji, `[捂脸]`, control characters) becomes a break; pinyin becomes one
//! character of the private area for each syllable. Every folded character knows the stretch of
//! the original it stands for, so that spans lead back.

use super::sounds::{self, Sound, Voice};
use super::words::Words;

/// Folded characters, their sounds, and the original stretch of each, half-open.
pub(super) struct Text {
    chars: Vec<char>,
    voices: Vec<Voice>,
    origin: Vec<(u32, u32)>,
}

/// First character that stands for a typed syllable.
const SYLLABLE: u32 = 0xe000;
/// Stands for what carries no word: ends every name and number.
pub(super) const BREAK: char = '\u{1}';

impl Text {
    pub(super) fn new(raw: &str) -> Self {
        let size = raw.len() / 3 + 8;
        let mut text = Self {
            chars: Vec::with_capacity(size),
            voices: Vec::with_capacity(size),
            origin: Vec::with_capacity(size),
        };
        let mut rest = raw.char_indices().zip(0_u32..);
        while let Some(((at, c), i)) = rest.next() {
            let ahead = raw.get(at..).unwrap_or_default();
            let width = if c.is_ascii_alphabetic() {
                text.push_latin(ahead, i)
            } else if let Some(width) = sticker(ahead).filter(|_| c == '[') {
                text.push(BREAK, i, i + width);
                width
            } else {
                text.push_folded(c, i);
                1
            };
            for _ in 1..width {
                rest.next();
            }
        }
        text
    }

    /// Takes a run of letters when it is pinyin, else one letter; returns how many it took.
    fn push_latin(&mut self, ahead: &str, i: u32) -> u32 {
        let run = latin(ahead);
        if let Some(cuts) = sounds::spelled(run).filter(|_| run.len() >= 4) {
            self.push_spelled(&cuts, run.len(), i);
            return small(run.len());
        }
        let c = run.chars().next().unwrap_or(BREAK);
        self.push(c.to_ascii_uppercase(), i, i + 1);
        1
    }

    fn push_spelled(&mut self, cuts: &[(usize, Sound)], len: usize, i: u32) {
        for (n, (start, sound)) in cuts.iter().enumerate() {
            let end = cuts.get(n + 1).map_or(len, |(next, _)| *next);
            let c = char::from_u32(SYLLABLE + u32::from(*sound)).unwrap_or(BREAK);
            self.chars.push(c);
            self.voices.push(sounds::spoken(*sound));
            self.origin.push((i + small(*start), i + small(end)));
        }
    }

    fn push_folded(&mut self, c: char, i: u32) {
        match c {
            '①'..='⑳' => self.push_number(u32::from(c) - u32::from('①') + 1, i),
            '⑴'..='⒇' => self.push_number(u32::from(c) - u32::from('⑴') + 1, i),
            '⒈'..='⒛' => self.push_number(u32::from(c) - u32::from('⒈') + 1, i),
            'Ⅰ'..='Ⅻ' => self.push_number(u32::from(c) - u32::from('Ⅰ') + 1, i),
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' => {}
            _ => self.push(plain(c), i, i + 1),
        }
    }

    fn push(&mut self, c: char, start: u32, end: u32) {
        self.chars.push(c);
        self.voices.push(sounds::of(c));
        self.origin.push((start, end));
    }

    fn push_number(&mut self, n: u32, at: u32) {
        if n >= 10 {
            self.push(char::from_digit(n / 10, 10).unwrap_or('0'), at, at + 1);
        }
        self.push(char::from_digit(n % 10, 10).unwrap_or('0'), at, at + 1);
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn chars(&self) -> &[char] {
        &self.chars
    }

    pub(super) fn voices(&self) -> &[Voice] {
        &self.voices
    }

    pub(super) fn at(&self, i: usize) -> Option<char> {
        self.chars.get(i).copied()
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &[char] {
        let end = end.min(self.chars.len());
        self.chars.get(start.min(end)..end).unwrap_or(&[])
    }

    /// Returns whether the text has these characters at `i`.
    pub(super) fn has(&self, i: usize, chars: &[char]) -> bool {
        let there = self.chars.get(i..i + chars.len());
        there.is_some_and(|there| there.iter().zip(chars).all(|(a, b)| a == b))
    }

    pub(super) fn string(&self, start: usize, end: usize) -> String {
        self.slice(start, end).iter().collect()
    }

    /// Returns the end of `word` when the text has it at `i`.
    pub(super) fn word(&self, i: usize, word: &str) -> Option<usize> {
        let mut end = i;
        for c in word.chars() {
            if self.at(end) != Some(c) {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    /// Returns the end of the first of `words` found at `i`.
    pub(super) fn any(&self, i: usize, words: &(impl Words + ?Sized)) -> Option<usize> {
        words.ends(self, i)
    }

    /// Returns the end of `word` at `i` when every character is it, sounds like it or looks like
    /// it: 号搂, 单原.
    pub(super) fn sounded(&self, i: usize, word: &str) -> Option<usize> {
        let mut end = i;
        for c in word.chars() {
            let (typed, voice) = (self.at(end)?, self.voices.get(end)?);
            let [meant, _] = sounds::of(c).sounds;
            let near = typed == c
                || (meant != 0 && voice.sounds.contains(&meant))
                || sounds::alike(typed, c);
            if !near {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    /// Finds the first of `words` that begins in `[start, end)`; returns where it begins and ends.
    pub(super) fn find(
        &self,
        start: usize,
        end: usize,
        words: &(impl Words + ?Sized),
    ) -> Option<(usize, usize)> {
        (start..end.min(self.len())).find_map(|i| self.any(i, words).map(|stop| (i, stop)))
    }

    /// Skips spaces and the given filler words.
    pub(super) fn skip(&self, mut i: usize, fillers: &(impl Words + ?Sized)) -> usize {
        loop {
            match self.any(i, fillers) {
                Some(next) => i = next,
                None if self.at(i) == Some(' ') => i += 1,
                None => return i,
            }
        }
    }

    /// Translates a stretch of folded characters into the original's, half-open.
    pub(super) fn original(&self, start: usize, end: usize) -> (usize, usize) {
        let first = self.origin.get(start).map_or(0, |o| o.0);
        let last = end.checked_sub(1).and_then(|e| self.origin.get(e)).map_or(first, |o| o.1);
        (large(first), large(last.max(first)))
    }
}

/// Returns whether a character is a Chinese one.
pub(super) fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn large(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

fn latin(raw: &str) -> &str {
    raw.find(|c: char| !c.is_ascii_alphabetic()).and_then(|end| raw.get(..end)).unwrap_or(raw)
}

/// Returns the width of `[捂脸]` in characters; nothing when the brackets hold an address: `[位置]`.
fn sticker(raw: &str) -> Option<u32> {
    let inside = raw.strip_prefix('[')?;
    let inside = inside.get(..inside.find(']')?)?;
    let width = inside.chars().count();
    let words = inside.chars().all(is_han);
    (words && (1..=3).contains(&width)).then(|| small(width) + 2)
}

fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xfee0).map_or(c, |c| plain(c.to_ascii_uppercase()))
        }
        '\u{3000}' | '\t' | '\u{a0}' | '\n' | '\r' | '·' | '•' => ' ',
        '—' | '–' | '‐' | '‑' | '―' | '〜' | '~' | '−' | '_' | '/' => '-',
        '№' => '#',
        '囗' => '口',
        '【' | '[' | '{' | '「' | '《' | '<' => '(',
        '】' | ']' | '}' | '」' | '》' | '>' => ')',
        '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}' => BREAK,
        _ => sounds::simple(c),
    }
}

//! The text in one spelling, with the way back to the original characters.

/// Normalised characters; `origin` holds each one's position in the original text.
pub(super) struct Text {
    chars: Vec<char>,
    origin: Vec<usize>,
}

impl Text {
    pub(super) fn new(raw: &str) -> Self {
        let mut text = Self { chars: Vec::new(), origin: Vec::new() };
        for (at, c) in raw.chars().enumerate() {
            match c {
                '①'..='⑳' => text.push_number(u32::from(c) - u32::from('①') + 1, at),
                '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{fe0f}' => {}
                _ => text.push(plain(c), at),
            }
        }
        text
    }

    fn push(&mut self, c: char, at: usize) {
        self.chars.push(c);
        self.origin.push(at);
    }

    fn push_number(&mut self, n: u32, at: usize) {
        for digit in n.to_string().chars() {
            self.push(digit, at);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn at(&self, i: usize) -> Option<char> {
        self.chars.get(i).copied()
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &[char] {
        let end = end.min(self.chars.len());
        self.chars.get(start.min(end)..end).unwrap_or(&[])
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
    pub(super) fn any(&self, i: usize, words: &[&str]) -> Option<usize> {
        words.iter().find_map(|w| self.word(i, w))
    }

    /// Finds the first of `words` that begins in `[start, end)`; returns where it begins and ends.
    pub(super) fn find(&self, start: usize, end: usize, words: &[&str]) -> Option<(usize, usize)> {
        (start..end.min(self.len())).find_map(|i| self.any(i, words).map(|stop| (i, stop)))
    }

    /// Skips spaces and the given filler words.
    pub(super) fn skip(&self, mut i: usize, fillers: &[&str]) -> usize {
        loop {
            match self.any(i, fillers) {
                Some(next) => i = next,
                None if self.at(i) == Some(' ') => i += 1,
                None => return i,
            }
        }
    }

    /// Translates a stretch of normalised characters into the original's, half-open.
    pub(super) fn original(&self, start: usize, end: usize) -> (usize, usize) {
        let first = self.origin.get(start).copied().unwrap_or(0);
        let last = end.checked_sub(1).and_then(|e| self.origin.get(e)).map_or(first, |o| o + 1);
        (first, last.max(first))
    }
}

fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).map_or(c, plain),
        '\u{3000}' | '\t' | '\n' | '\r' => ' ',
        '—' | '–' | '‐' | '―' | '〜' | '~' | '−' => '-',
        '№' => '#',
        '囗' => '口',
        '樓' => '楼',
        '號' => '号',
        '棟' => '栋',
        '單' => '单',
        '區' => '区',
        '園' => '园',
        '陽' => '阳',
        '雙' => '双',
        '東' => '东',
        '門' => '门',
        '馬' => '马',
        '張' => '张',
        '黃' => '黄',
        '華' => '华',
        '網' => '网',
        'a'..='z' => c.to_ascii_uppercase(),
        _ => c,
    }
}

//! The letters of a line, folded one to one, and the numbers among them.
//!
//! Folding never changes a length: position n here is scalar value n of the line.

/// A folded line; reading beyond its end gives `\0`.
pub(super) struct Line(Vec<char>);

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// 12, 12A, A12, 甲12.
    Digits,
    /// 十二, 一二〇一.
    Han,
    /// A, AB, 甲.
    Letter,
}

/// A number: half-open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub start: usize,
    pub end: usize,
    /// Digits it would have in Arabic, roughly for Chinese numerals.
    pub digits: usize,
    pub shape: Shape,
    /// 负一, -1, 地下一: it can only be a floor.
    pub below: bool,
    /// Begins with a Latin letter.
    pub lettered: bool,
}

impl Line {
    /// Folds a line.
    pub(super) fn new(text: &str) -> Self {
        Self(text.chars().map(fold).collect())
    }

    /// Returns the number of letters.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns a letter.
    pub(super) fn at(&self, at: usize) -> char {
        self.0.get(at).copied().unwrap_or('\0')
    }

    /// Tells whether a word begins here.
    pub(super) fn starts(&self, at: usize, word: &str) -> bool {
        word.chars().zip(at..).all(|(letter, i)| self.at(i) == letter)
    }

    /// Tells whether a word ends here.
    pub(super) fn ends(&self, at: usize, word: &str) -> bool {
        let length = word.chars().count();
        at.checked_sub(length).is_some_and(|start| self.starts(start, word))
    }

    /// Tells whether the letter only separates.
    pub(super) fn is_gap(&self, at: usize) -> bool {
        let letter = self.at(at);
        letter.is_whitespace() || matches!(letter, '-' | '_' | ',' | '/' | '的' | '(' | ')' | '.')
    }

    /// Reads a sign between two numbers; returns it and where the next number begins.
    pub(super) fn sign(&self, at: usize) -> Option<(char, usize)> {
        let sign = match self.at(at) {
            '-' | '_' | '~' => '-',
            '/' => '/',
            '、' | ',' | '和' => '、',
            '.' | ' ' => '.',
            _ => return None,
        };
        let doubled = sign == '-' && self.at(at + 1) == '-';
        Some((sign, if doubled { at + 2 } else { at + 1 }))
    }

    /// Passes over a letter, and over a Latin word as a whole.
    pub(super) fn skip(&self, at: usize) -> usize {
        let word = self.run(at, |c| c.is_ascii_alphanumeric());
        word.max(at + 1)
    }

    /// Reads the number that begins here; `None` where none does, and inside phone numbers.
    pub(super) fn number(&self, at: usize) -> Option<Number> {
        let below = self.below(at);
        let from = below.unwrap_or(at);
        let stem = matches!(self.at(from), '甲' | '乙' | '丙' | '丁' | '戊');
        let start = if stem { from + 1 } else { from };
        let found = if self.at(start).is_ascii_alphanumeric() {
            self.latin(start)
        } else {
            let end = self.run(start, is_numeral);
            // 百福公寓: a hundred without a count is a name.
            let counted = !matches!(self.at(start), '百' | '千');
            (end > start && counted).then(|| (end, self.numeral_digits(start, end), Shape::Han))
        };
        let (end, digits, shape) = match found {
            Some(found) => found,
            None if stem => (start, 0, Shape::Letter),
            None => return None,
        };
        let below = below.is_some();
        let lettered = self.at(start).is_ascii_alphabetic();
        Some(Number { start: at, end, digits, shape, below, lettered })
    }

    /// Counts the Arabic digits of a numeral: 五百零二 has three, 一零二 as well, 十二 two.
    fn numeral_digits(&self, start: usize, end: usize) -> usize {
        let has = |wanted| (start..end).any(|i| self.at(i) == wanted);
        match (has('千'), has('百'), has('十') || has('廿')) {
            (true, ..) => 4,
            (_, true, _) => 3,
            (.., true) => 2,
            _ => end - start,
        }
    }

    /// Reads 12, 12A, A, AB, A12; nothing of words and of phone numbers.
    fn latin(&self, start: usize) -> Option<(usize, usize, Shape)> {
        let end = self.run(start, |c| c.is_ascii_alphanumeric());
        // 3F is a number and its unit.
        let floor = matches!(self.at(end.saturating_sub(1)), 'F' | 'f') && end - start > 1;
        let end = if floor { end - 1 } else { end };
        let letters = (start..end).filter(|&i| self.at(i).is_ascii_alphabetic()).count();
        let digits = end - start - letters;
        let shape = if digits == 0 { Shape::Letter } else { Shape::Digits };
        (letters <= 2 && digits <= 6).then_some((end, digits, shape))
    }

    /// Reads what makes a number a basement; returns where the number itself begins.
    fn below(&self, at: usize) -> Option<usize> {
        if self.at(at) == '负' {
            return Some(at + 1);
        }
        if self.starts(at, "地下") {
            return Some(at + 2);
        }
        let free = at.checked_sub(1).is_none_or(|i| !self.at(i).is_ascii_alphanumeric());
        let minus = self.at(at) == '-' && free && self.at(at + 1).is_ascii_digit();
        let end = self.run(at + 1, |c| c.is_ascii_digit());
        (minus && matches!(self.at(end), '层' | '楼' | 'F' | 'f')).then_some(at + 1)
    }

    fn run(&self, start: usize, wanted: impl Fn(char) -> bool) -> usize {
        let length = (start..self.len()).take_while(|&i| wanted(self.at(i))).count();
        start + length
    }
}

fn is_numeral(letter: char) -> bool {
    matches!(letter, '零' | '〇' | '一' | '二' | '两' | '三' | '四' | '五' | '六' | '七' | '八')
        || matches!(letter, '九' | '十' | '百' | '千' | '廿' | '幺')
}

/// Full-width forms, circled digits, dashes and the few traditional letters of unit words.
fn fold(letter: char) -> char {
    match letter {
        '〜' => '~',
        '。' => ',',
        '\u{ff01}'..='\u{ff5e}' => {
            let half = u32::from(letter) - 0xfee0;
            fold(char::from_u32(half).unwrap_or(letter))
        }
        '①'..='⑨' => {
            let digit = u32::from(letter) - u32::from('①') + u32::from('1');
            char::from_u32(digit).unwrap_or(letter)
        }
        '‐'..='―' | '−' | '─' | '━' => '-',
        '№' => '#',
        '○' => '〇',
        '號' => '号',
        '樓' => '楼',
        '棟' => '栋',
        '單' => '单',
        '層' => '层',
        '門' => '门',
        _ => letter,
    }
}

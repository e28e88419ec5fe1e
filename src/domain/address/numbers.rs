//! Numbers as residents write them: digits, 三十一, 一二〇一, 十二, 廿一.

use super::fold::Text;

/// Reads a number at `i`; returns it and the position after it. `None` when there is none or it
/// is too long to be part of an address.
pub(super) fn number(text: &Text, i: usize) -> Option<(u32, usize)> {
    let digits = run(text, i, |c| c.is_ascii_digit());
    if digits > i {
        let plain = || {
            let digits = text.slice(i, digits).iter().map(|c| c.to_digit(10));
            digits.into_iter().try_fold(0, |n, digit| Some(n * 10 + digit?))
        };
        return (digits - i <= 6).then(plain)?.map(|n| (n, digits));
    }
    let end = run(text, i, |c| digit(c).is_some() || unit(c).is_some());
    if end == i || end - i > 7 {
        return None;
    }
    Some((value(text.slice(i, end))?, end))
}

/// Returns whether a number may begin with the character.
pub(super) fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || digit(c).is_some() || unit(c).is_some()
}

fn run(text: &Text, i: usize, keep: impl Fn(char) -> bool) -> usize {
    let mut end = i;
    while text.at(end).is_some_and(&keep) {
        end += 1;
    }
    end
}

fn value(chars: &[char]) -> Option<u32> {
    if !chars.iter().any(|c| unit(*c).is_some()) {
        return chars.iter().try_fold(0_u32, |n, c| n.checked_mul(10)?.checked_add(digit(*c)?));
    }
    // 百佳 is a name; only ten stands for itself.
    if chars.first().is_some_and(|c| matches!(c, '百' | '千')) {
        return None;
    }
    let (mut total, mut current) = (0_u32, None);
    for c in chars {
        if let Some(weight) = unit(*c) {
            let times = if *c == '廿' { 2 } else { current.take().unwrap_or(1) };
            total = total.checked_add(times * weight)?;
        } else {
            current = digit(*c);
        }
    }
    total.checked_add(current.unwrap_or(0))
}

fn digit(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '幺' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn unit(c: char) -> Option<u32> {
    match c {
        '十' | '廿' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => None,
    }
}

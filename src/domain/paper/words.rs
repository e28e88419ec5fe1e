//! Breaks words into lines as Chinese is printed: between any two characters, but not within a
//! number or a Latin word, and no line begins with a closing mark or ends with an opening one.

use super::Em;

const NEVER_FIRST: &str = "，。；：、！？）】》”’％%…";
const NEVER_LAST: &str = "（【《“‘";

/// Breaks a text into lines of at most `width` ems, the first shorter by `indent`. A word that is
/// wider than a line is cut.
pub fn wrap(text: &str, (width, indent): (f32, f32), em: Em<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut room) = (String::new(), width - indent);
    for piece in pieces(text) {
        let wide: f32 = piece.chars().map(em).sum();
        // A hair of tolerance: sums of widths round differently in another order.
        if wide > room + 0.001 && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            room = width;
        }
        // A space at which a line was broken is not printed.
        if line.is_empty() && !lines.is_empty() && piece == " " {
            continue;
        }
        if wide <= room + 0.001 {
            line.push_str(&piece);
            room -= wide;
            continue;
        }
        for c in piece.chars() {
            let wide = em(c);
            if wide > room + 0.001 && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                room = width;
            }
            line.push(c);
            room -= wide;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

const fn runs_on(c: char) -> bool {
    c.is_ascii() && c != ' '
}

/// Cuts a text into what stays together.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for c in text.chars() {
        let last = pieces.last().and_then(|piece| piece.chars().last());
        let joins = last.is_some_and(|last| {
            NEVER_FIRST.contains(c) || NEVER_LAST.contains(last) || (runs_on(c) && runs_on(last))
        });
        match pieces.last_mut().filter(|_| joins) {
            Some(piece) => piece.push(c),
            None => pieces.push(c.to_string()),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn em(c: char) -> f32 {
        if c.is_ascii() { 0.5 } else { 1.0 }
    }

    #[test]
    fn lines_break_between_characters_but_not_within_numbers_or_before_a_stop() {
        for (text, width, want) in [
            ("收到居民诉求", 4.0, vec!["收到居民", "诉求"]),
            ("收到诉求，增加", 4.0, vec!["收到诉", "求，增加"]),
            ("共12345件", 3.0, vec!["共", "12345", "件"]),
            ("见（注一）", 3.0, vec!["见（注", "一）"]),
            ("增长（12.5%）", 3.0, vec!["增长", "（12.5", "%）"]),
            ("", 3.0, vec![""]),
            ("甲乙 丙丁", 2.0, vec!["甲乙", "丙丁"]),
            ("1234567890", 2.0, vec!["1234", "5678", "90"]),
        ] {
            assert_eq!(wrap(text, (width, 0.0), &em), want, "{text}");
        }
        assert_eq!(wrap("一二三四五", (3.0, 2.0), &em), ["一", "二三四", "五"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_line_is_too_wide(text in "[一二三，。（）a-z0-9%]{0,60}", width in 4_u8..30) {
            let width = f32::from(width);
            let lines = wrap(&text, (width, 2.0), &em);
            prop_assert_eq!(lines.concat(), text);
            for line in &lines {
                prop_assert!(line.chars().map(em).sum::<f32>() <= width + 0.01);
            }
        }
    }
}

//! The words of a notice of the street: plain text, whatever was pasted.

/// Characters that change how others are shown, or show nothing.
const INVISIBLE: [char; 17] = [
    '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}',
    '\u{202d}', '\u{202e}', '\u{2060}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}', '\u{feff}',
    '\u{061c}',
];

/// Makes plain text: without tags of a web page, invisible characters and control characters;
/// spaces at the ends of lines go, and of several empty lines one stays.
pub fn plain(raw: &str) -> String {
    let raw = without_tags(&raw.replace("\r\n", "\n").replace('\r', "\n"));
    let kept = |c: &char| (*c == '\n' || !c.is_control()) && !INVISIBLE.contains(c);
    let text: String = raw.replace('\t', " ").chars().filter(kept).collect();
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && lines.last().is_none_or(|last| last.is_empty()) {
            continue;
        }
        lines.push(line);
    }
    lines.join("\n").trim().to_owned()
}

/// The same on one line.
pub fn plain_line(raw: &str) -> String {
    plain(raw).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Takes tags out; a `<` before anything but a letter, `/` or `!` is one that people write.
fn without_tags(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let opens = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        match after.split_once('>') {
            Some((_tag, behind)) if opens => rest = behind,
            _ => {
                text.push('<');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pasted_becomes_plain_text() {
        for (raw, want) in [
            ("停水通知", "停水通知"),
            ("<p>明天<b>停水</b></p><script>alert(1)</script>", "明天停水alert(1)"),
            ("水压 <3 公斤，请 < 8 点前接水", "水压 <3 公斤，请 < 8 点前接水"),
            ("a<img src=x onerror=1", "a<img src=x onerror=1"),
            ("一\r\n\r\n\r\n\n二  \n", "一\n\n二"),
            ("\u{202e}倒\u{200b}写\u{7}", "倒写"),
            ("  \n\n", ""),
            ("一\t二", "一 二"),
        ] {
            assert_eq!(plain(raw), want);
        }
        assert_eq!(plain_line("停水\n 通知  二"), "停水 通知 二");
    }
}

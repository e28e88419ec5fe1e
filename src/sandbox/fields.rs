//! The rules for values on cards, by the type in the field's key (`thing2` is a `thing`).

/// Says whether a field is accepted but never shown, as WeChat does since 2023.
pub(super) fn vanishes(key: &str) -> bool {
    matches!(key, "first" | "remark")
}

/// Says whether a value fits the type that its key names. An empty value fits nothing.
pub(super) fn fits(key: &str, value: &str) -> bool {
    if value.trim().is_empty() || value.chars().any(char::is_control) {
        return false;
    }
    let length = value.chars().count();
    match key.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "first" | "remark" => true,
        "thing" | "keyword" | "const" | "enum" | "short_thing" => length <= 20,
        "number" => length <= 32 && value.parse::<f64>().is_ok(),
        "letter" => length <= 32 && value.chars().all(|c| c.is_ascii_alphabetic()),
        "symbol" => length <= 5 && !value.chars().any(char::is_alphanumeric),
        "character_string" => length <= 32 && value.is_ascii(),
        "time" => value.split('~').all(is_time),
        "date" => value.split('~').all(is_date_perhaps_with_time),
        "amount" => is_amount(value),
        "phone_number" => {
            length <= 17 && value.is_ascii() && !value.chars().any(char::is_alphabetic)
        }
        "car_number" => length <= 8,
        "name" => length <= if value.is_ascii() { 20 } else { 10 },
        "phrase" => length <= 5 && value.chars().all(is_chinese),
        _ => false,
    }
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn is_amount(value: &str) -> bool {
    let bare = value.strip_suffix('元').unwrap_or(value).trim();
    let bare = bare.strip_prefix(['¥', '￥', '$', '€', '£']).unwrap_or(bare);
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    digits <= 10 && bare.parse::<f64>().is_ok()
}

/// `09:42`, `09:42:10`, either with a date before it.
fn is_time(value: &str) -> bool {
    let value = value.trim();
    match value.rsplit_once(' ') {
        Some((date, clock)) => is_date(date.trim()) && is_clock(clock),
        None => is_clock(value),
    }
}

fn is_date_perhaps_with_time(value: &str) -> bool {
    is_date(value.trim()) || is_time(value) && value.trim().contains(' ')
}

fn is_clock(value: &str) -> bool {
    let parts: Vec<&str> = value.split(':').collect();
    let in_range = |(place, part): (usize, &&str)| {
        let limit = if place == 0 { 24 } else { 60 };
        (1..=2).contains(&part.len()) && part.parse::<u8>().is_ok_and(|number| number < limit)
    };
    (2..=3).contains(&parts.len()) && parts.iter().enumerate().all(in_range)
}

/// `2026年7月30日`, `2026年7月`, `7月30日`, or year, month and day with `-`, `/` or `.`.
fn is_date(value: &str) -> bool {
    let plain = value.replace(['年', '月', '-', '/', '.'], " ").replace('日', "");
    let parts: Vec<&str> = plain.split_whitespace().collect();
    let marked = value.contains(['月', '-', '/', '.']);
    let short =
        |part: &&str| part.len() <= 2 && part.parse::<u8>().is_ok_and(|n| (1..=31).contains(&n));
    match parts.as_slice() {
        [year, rest @ ..] if year.len() == 4 => {
            marked
                && year.parse::<u16>().is_ok()
                && (1..=2).contains(&rest.len())
                && rest.iter().all(short)
        }
        parts => marked && parts.len() == 2 && parts.iter().all(short),
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn values_that_fit_their_type_are_accepted() {
        for (key, value) in [
            ("thing2", "3栋2单元漏水"),
            ("thing1", "一二三四五六七八九十一二三四五六七八九十"),
            ("time4", "2026-07-30 09:42"),
            ("time4", "09:42:10"),
            ("time4", "2026年7月30日 09:42~2026年7月30日 10:00"),
            ("date3", "2026年7月30日"),
            ("date3", "7月30日"),
            ("date3", "2026.7.30 09:42"),
            ("phrase3", "已受理"),
            ("name1", "欧阳建国"),
            ("phone_number5", "0571-88888888"),
            ("character_string1", "ZN20261123-0001"),
            ("amount1", "¥12.50元"),
            ("number7", "-3.5"),
        ] {
            assert!(fits(key, value), "{key} should take {value:?}");
        }
    }

    #[test]
    fn values_that_break_their_type_are_refused() {
        for (key, value) in [
            ("thing2", "一二三四五六七八九十一二三四五六七八九十一"),
            ("thing2", "两行\n文字"),
            ("thing2", " "),
            ("time4", "昨天上午"),
            ("time4", "25:00"),
            ("date3", "2026"),
            ("phrase3", "accepted"),
            ("phrase3", "一二三四五六"),
            ("name1", "一二三四五六七八九十一"),
            ("phone_number5", "call me"),
            ("character_string1", "工单一"),
            ("letter1", "a1"),
            ("amount1", "12345678901"),
            ("headline1", "x"),
        ] {
            assert!(!fits(key, value), "{key} should refuse {value:?}");
        }
    }
}

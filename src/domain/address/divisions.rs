//! The provinces, prefectures and counties of the country: what is certainly not this street.

/// Returns every division as people write it, and whether the street lies in it. Short forms of
/// counties count only within the street's own prefecture, where people use them.
pub(super) fn words(street_code: &str) -> Vec<(String, bool)> {
    let file = include_str!("data/divisions.txt");
    let mut words = Vec::new();
    for (code, name) in file.lines().filter_map(|line| line.split_once(' ')) {
        let level = if code.ends_with("0000") {
            2
        } else if code.ends_with("00") {
            4
        } else {
            6
        };
        let (Some(prefix), Some(region)) = (code.get(..level), code.get(..4)) else { continue };
        // 东区, 城区: these are sections of compounds far more often.
        if prefix.starts_with('#')
            || (level == 6 && name.chars().count() == 2 && name.ends_with('区'))
        {
            continue;
        }
        let own = !street_code.is_empty() && street_code.starts_with(prefix);
        words.push((name.to_owned(), own));
        let near = level < 6 || (!street_code.is_empty() && street_code.starts_with(region));
        if let Some(short) = short(name).filter(|_| near) {
            words.push((short.to_owned(), own));
        }
    }
    words
}

fn short(name: &str) -> Option<&str> {
    let kinds = ["自治州", "地区", "省", "市", "区", "县"];
    let short = kinds.iter().find_map(|kind| name.strip_suffix(kind))?;
    (short.chars().count() >= 2 && short.chars().count() <= 3).then_some(short)
}

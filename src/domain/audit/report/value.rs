//! How numbers are written.

use crate::domain::audit::survey::Group;
use crate::domain::audit::tally::{Point, Share, Spread};

/// Where there is nothing to say.
pub const NONE: &str = "—";
/// Rates of fewer cases say little (domain §5.6).
const FEW: u64 = 30;

/// Tenths of a percent as they are printed: only what is whole is 100.0, and only nothing is 0.0.
fn tenths(rate: f64) -> f64 {
    let rounded = (rate * 1_000.0).round();
    if rate > 0.0 && rate < 1.0 { rounded.clamp(1.0, 999.0) } else { rounded }
}

/// Writes a share as 93.3%.
pub fn percent(rate: f64) -> String {
    format!("{:.1}%", tenths(rate) / 10.0)
}

/// Writes the rate of a group, with a star when it is of few cases.
pub fn rate(group: &Group) -> String {
    let star = if group.n < FEW { "*" } else { "" };
    group.share.map_or_else(|| NONE.to_owned(), |share| format!("{}{star}", percent(share.rate)))
}

/// Writes the interval of a share.
pub fn interval(share: Option<Share>) -> String {
    share.map_or_else(
        || NONE.to_owned(),
        |share| format!("{}～{}", percent(share.low), percent(share.high)),
    )
}

/// Writes a length as people say it, to two units.
pub fn length(micros: u64) -> String {
    let seconds = micros / 1_000_000;
    let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
    let (minutes, rest) = (seconds / 60 % 60, seconds % 60);
    let (big, small) = match (days, hours, minutes) {
        (0, 0, 0) => return format!("{rest}秒"),
        (0, 0, minutes) => ((minutes, "分"), (rest, "秒")),
        (0, hours, minutes) => ((hours, "小时"), (minutes, "分")),
        (days, hours, _) => ((days, "天"), (hours, "小时")),
    };
    if small.0 == 0 {
        format!("{}{}", big.0, big.1)
    } else {
        format!("{}{}{}{}", big.0, big.1, small.0, small.1)
    }
}

/// Writes a percentile, or why there is none.
pub fn point(point: Point) -> String {
    match point {
        Point::At(micros) => length(micros),
        Point::TooFew => NONE.to_owned(),
        Point::Beyond(micros) => format!("超过{}", length(micros)),
    }
}

/// Writes the median of a distribution.
pub fn median(spread: Option<&Spread>) -> String {
    spread.map_or_else(|| NONE.to_owned(), |spread| point(spread.p50))
}

/// Compares counts: 增加3, 减少2, 持平.
pub fn change(now: u64, before: u64) -> String {
    match now.cmp(&before) {
        std::cmp::Ordering::Greater => format!("增加{}", now - before),
        std::cmp::Ordering::Less => format!("减少{}", before - now),
        std::cmp::Ordering::Equal => "持平".to_owned(),
    }
}

/// Compares shares in percentage points, as they are printed.
pub fn turn(now: Option<Share>, before: Option<Share>) -> String {
    let (Some(now), Some(before)) = (now, before) else { return NONE.to_owned() };
    let by = tenths(now.rate) - tenths(before.rate);
    let points = format!("{:.1}个百分点", by.abs() / 10.0);
    if by > 0.0 {
        format!("提高{points}")
    } else if by < 0.0 {
        format!("下降{points}")
    } else {
        "持平".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_said_in_two_units() {
        for (seconds, want) in [
            (0, "0秒"),
            (59, "59秒"),
            (60, "1分"),
            (61, "1分1秒"),
            (3_600, "1小时"),
            (3_661, "1小时1分"),
            (86_400, "1天"),
            (90_000, "1天1小时"),
            (86_460, "1天"),
        ] {
            assert_eq!(length(seconds * 1_000_000), want, "{seconds}");
        }
        assert_eq!(point(Point::Beyond(60_000_000)), "超过1分");
    }

    #[test]
    fn only_what_has_no_failure_is_printed_as_a_hundred() {
        for (hit, n, want) in [
            (2_500, 2_500, "100.0%"),
            (2_499, 2_500, "99.9%"),
            (9_999, 10_000, "99.9%"),
            (1, 10_000, "0.1%"),
            (0, 2_500, "0.0%"),
            (14, 15, "93.3%*"),
        ] {
            let share = crate::domain::audit::tally::share(hit, n);
            let group = Group {
                key: String::new(),
                n,
                hit,
                failed: n - hit,
                open: 0,
                undone: 0,
                excluded: std::collections::BTreeMap::new(),
                share,
                wall: None,
                work: None,
                people: None,
            };
            assert_eq!(rate(&group), want, "{hit} of {n}");
        }
        let near = |hit, n| interval(crate::domain::audit::tally::share(hit, n));
        assert_eq!((&*near(999, 1_000), &*near(1, 1_000)), ("99.4%～99.9%", "0.1%～0.6%"));
        let share = |rate| Some(Share { rate, low: 0.0, high: 1.0 });
        assert_eq!(turn(share(1.0), share(0.999_96)), "提高0.1个百分点");
    }

    #[test]
    fn what_is_compared_is_what_is_printed() {
        let share = |rate| Some(Share { rate, low: 0.0, high: 1.0 });
        for (now, before, want) in [
            (0.933_4, 0.921, "提高1.2个百分点"),
            (0.921, 0.933_4, "下降1.2个百分点"),
            // Both are printed as 93.3%.
            (0.933_4, 0.932_6, "持平"),
        ] {
            assert_eq!(turn(share(now), share(before)), want);
        }
        assert_eq!(turn(share(0.5), None), NONE);
        assert_eq!(
            (change(3, 1), change(1, 3), change(2, 2)),
            ("增加2".into(), "减少2".into(), "持平".into())
        );
    }
}

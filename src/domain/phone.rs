//! A telephone number of the mainland, parsed once at the edge.
//!
//! Everything behind the edge sees one spelling: eleven digits of a mobile, or area code and
//! number of a fixed line, without separators. One spelling is what makes the blind index find
//! the same person again. `Debug` hides the number, so that no log line can carry it.

use thiserror::Error;

/// A number in its one spelling: digits only, no country code.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

/// Which network a number belongs to; only a mobile can receive a short message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneKind {
    Mobile,
    Landline,
}

/// Why a text is no telephone number of the mainland.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidPhone {
    #[error("no digits")]
    Empty,
    #[error("a character that no telephone number has")]
    BadCharacter,
    #[error("a country code other than +86")]
    Foreign,
    #[error("a length that no number has")]
    WrongLength,
    #[error("a mobile prefix that is not assigned")]
    BadMobilePrefix,
    #[error("a fixed line without area code")]
    NoAreaCode,
    #[error("an area code or local number that cannot exist")]
    BadLandline,
}

impl InvalidPhone {
    /// Returns what a person reads.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Empty => "请填写电话号码",
            Self::BadCharacter => "电话号码只能包含数字、空格和短横线",
            Self::Foreign => "只支持中国大陆的电话号码",
            Self::WrongLength => "电话号码位数不正确",
            Self::BadMobilePrefix => "手机号码号段不正确",
            Self::NoAreaCode => "固定电话请加上区号，例如 0530-6282222",
            Self::BadLandline => "固定电话的区号或号码不正确",
        }
    }
}

impl Phone {
    /// Parses what a person typed; full-width digits, spaces, dashes, brackets and +86 are
    /// accepted. Refuses with the reason to show beside the field.
    pub fn parse(raw: &str) -> Result<Self, InvalidPhone> {
        let (international, digits) = digits_of(raw)?;
        let national = national(international, &digits)?;
        if national.starts_with('0') { landline(national) } else { mobile(national) }
    }

    /// Returns the digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells a mobile from a fixed line.
    pub fn kind(&self) -> PhoneKind {
        if self.0.starts_with('0') { PhoneKind::Landline } else { PhoneKind::Mobile }
    }
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Phone(hidden)")
    }
}

/// Reads the digits; the flag says that a `+` stood before them.
fn digits_of(raw: &str) -> Result<(bool, String), InvalidPhone> {
    let trimmed = raw.trim();
    let unsigned = trimmed.strip_prefix(['+', '＋']);
    let digits: String = unsigned
        .unwrap_or(trimmed)
        .chars()
        .filter(|c| !is_separator(*c))
        .map(|c| ascii_digit(c).ok_or(InvalidPhone::BadCharacter))
        .collect::<Result<_, _>>()?;
    if digits.is_empty() { Err(InvalidPhone::Empty) } else { Ok((unsigned.is_some(), digits)) }
}

fn is_separator(c: char) -> bool {
    // The zero-width characters come along when a number is copied from a chat.
    c.is_whitespace() || "-－–—()（）.·\u{200b}\u{200d}\u{202a}\u{202c}\u{202d}\u{feff}".contains(c)
}

fn ascii_digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => {
            u32::from(c).checked_sub(u32::from('０')).and_then(|n| char::from_digit(n, 10))
        }
        _ => None,
    }
}

/// Takes the country code away. Behind it, a fixed line is usually written without its zero.
fn national(international: bool, digits: &str) -> Result<String, InvalidPhone> {
    let rest = if international {
        Some(digits.strip_prefix("86").ok_or(InvalidPhone::Foreign)?)
    } else if let Some(rest) = digits.strip_prefix("0086") {
        Some(rest)
    } else if digits.starts_with("00") {
        return Err(InvalidPhone::Foreign);
    } else {
        digits.strip_prefix("86").filter(|rest| is_mobile(rest))
    };
    Ok(match rest {
        None => digits.to_owned(),
        Some("") => return Err(InvalidPhone::WrongLength),
        Some(rest)
            if rest.starts_with(['0', '1']) && (rest.starts_with('0') || rest.len() == 11) =>
        {
            rest.to_owned()
        }
        Some(rest) => format!("0{rest}"),
    })
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

fn mobile(digits: String) -> Result<Phone, InvalidPhone> {
    match digits.len() {
        11 if is_mobile(&digits) => Ok(Phone(digits)),
        11 if digits.starts_with('1') => Err(InvalidPhone::BadMobilePrefix),
        7 | 8 if !digits.starts_with('1') => Err(InvalidPhone::NoAreaCode),
        _ => Err(InvalidPhone::WrongLength),
    }
}

/// Accepts 010 and 02x with eight digits, other area codes of four digits with seven or eight.
fn landline(digits: String) -> Result<Phone, InvalidPhone> {
    let (area, lengths): (usize, &[usize]) = match digits.as_bytes() {
        [b'0', b'1', b'0', ..] | [b'0', b'2', ..] => (3, &[8]),
        [b'0', b'3'..=b'9', ..] => (4, &[7, 8]),
        _ => return Err(InvalidPhone::BadLandline),
    };
    let local = digits.get(area..).unwrap_or_default();
    if !lengths.contains(&local.len()) {
        return Err(InvalidPhone::WrongLength);
    }
    if local.starts_with(['0', '1']) { Err(InvalidPhone::BadLandline) } else { Ok(Phone(digits)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_usual_spelling_of_a_number_becomes_one() {
        for (raw, digits) in [
            ("13812345678", "13812345678"),
            (" 138 1234-5678 ", "13812345678"),
            ("+86 138 1234 5678", "13812345678"),
            ("＋８６１３８１２３４５６７８", "13812345678"),
            ("008613812345678", "13812345678"),
            ("8613812345678", "13812345678"),
            ("\u{202d}13812345678\u{202c}", "13812345678"),
            ("0530-6282222", "05306282222"),
            ("(0530)6282222", "05306282222"),
            ("+86 530 6282222", "05306282222"),
            ("+86 0530 6282222", "05306282222"),
            ("010-62345678", "01062345678"),
            ("+86 10 6234 5678", "01062345678"),
        ] {
            assert_eq!(Phone::parse(raw).map(|p| p.0), Ok(digits.to_owned()), "{raw}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_with_its_reason() {
        for (raw, why) in [
            ("", InvalidPhone::Empty),
            (" - ", InvalidPhone::Empty),
            ("138123456七8", InvalidPhone::BadCharacter),
            ("0530-6282222转8", InvalidPhone::BadCharacter),
            ("+852 5123 4567", InvalidPhone::Foreign),
            ("00852 5123 4567", InvalidPhone::Foreign),
            ("+86", InvalidPhone::WrongLength),
            ("1381234567", InvalidPhone::WrongLength),
            ("138123456789", InvalidPhone::WrongLength),
            ("12812345678", InvalidPhone::BadMobilePrefix),
            ("6282222", InvalidPhone::NoAreaCode),
            ("0530-628222", InvalidPhone::WrongLength),
            ("0530-0282222", InvalidPhone::BadLandline),
            ("0110-6282222", InvalidPhone::BadLandline),
        ] {
            assert_eq!(Phone::parse(raw), Err(why), "{raw}");
            assert!(!why.zh().is_empty());
        }
    }

    #[test]
    fn a_phone_never_prints_itself() {
        let phone = Phone::parse("13812345678").unwrap();
        assert_eq!(format!("{phone:?}"), "Phone(hidden)");
        assert_eq!(phone.kind(), PhoneKind::Mobile);
        assert_eq!(Phone::parse("0530-6282222").unwrap().kind(), PhoneKind::Landline);
    }

    proptest! {
        #[test]
        fn parsing_is_total_and_stable(raw in ".{0,24}") {
            if let Ok(phone) = Phone::parse(&raw) {
                prop_assert!(phone.as_str().bytes().all(|b| b.is_ascii_digit()));
                prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone));
            }
        }

        #[test]
        fn every_mobile_is_found_again_behind_its_country_code(n in 13_000_000_000_u64..20_000_000_000) {
            let plain = Phone::parse(&n.to_string());
            prop_assert!(plain.is_ok());
            prop_assert_eq!(Phone::parse(&format!("+86{n}")), plain);
        }
    }
}

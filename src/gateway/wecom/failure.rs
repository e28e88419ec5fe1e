//! What WeCom's numbers mean: another list than WeChat's, with the same digits in it.
//!
//! Source: the error table of developer.work.weixin.qq.com (path 90313).

use crate::gateway::wechat::Class;
use crate::gateway::wechat::failure::Endpoint;

/// Nobody of the addressed may get the message.
pub const NOBODY: i64 = 81_013;
/// The `response_code` of a card is used up or older than its day.
pub const STALE_CARD: i64 = 60_140;

/// Decides what to do about `code`. A number nobody has described is a `Retry`: the caller's small
/// cap of attempts then turns it over to an operator.
pub(in crate::gateway) fn classify(endpoint: Endpoint, code: i64) -> Class {
    match code {
        40_014 | 41_001 | 42_001 if endpoint.takes_token() => Class::RefreshToken,
        45_009 => Class::RateLimited,
        40_003 | 40_031 | 46_004 | 50_002 | 60_111 | NOBODY => Class::DropRecipient,
        85_002 => Class::ContentRejected,
        STALE_CARD => Class::ClientError,
        40_001
        | 40_008
        | 40_013
        | 40_032
        | 40_033
        | 40_056
        | 40_058
        | 40_063
        | 40_091
        | 41_033
        | 44_004
        | 45_002
        | 48_002
        | 48_005
        | 48_006
        | 50_003
        | 60_011
        | 60_020
        | 82_001
        | 82_002
        | 82_003
        | 90_200..=90_208
        | 93_000
        | 93_004
        | 93_006
        | 93_008
        | 301_002 => Class::ConfigError,
        _ => Class::Retry,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::Value;

    use super::*;

    fn word(class: Class) -> &'static str {
        match class {
            Class::Retry => "retry",
            Class::RefreshToken => "refresh_token",
            Class::RateLimited => "rate_limited",
            Class::DropRecipient => "drop_recipient",
            Class::ConfigError => "config_error",
            Class::ContentRejected => "content_rejected",
            Class::ClientError => "client_error",
        }
    }

    #[test]
    fn each_described_number_has_its_consequence() {
        use Endpoint::{WecomSend, WecomToken, WecomUpdate};
        for (at, code, class) in [
            (WecomSend, -1, Class::Retry),
            (WecomSend, 123_456, Class::Retry),
            (WecomSend, 42_001, Class::RefreshToken),
            (WecomToken, 40_001, Class::ConfigError),
            (WecomSend, 81_013, Class::DropRecipient),
            (WecomSend, 60_111, Class::DropRecipient),
            (WecomSend, 45_009, Class::RateLimited),
            (WecomSend, 60_020, Class::ConfigError),
            (WecomSend, 301_002, Class::ConfigError),
            (WecomSend, 85_002, Class::ContentRejected),
            (WecomUpdate, 60_140, Class::ClientError),
        ] {
            assert_eq!(classify(at, code), class, "{at:?} {code}");
        }
    }

    #[test]
    fn the_collected_table_is_followed_where_it_speaks_of_our_calls() {
        let file = "../shared/wechat/classes.json";
        let Ok(text) = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file))
        else {
            eprintln!("SKIPPED: {file} is not there");
            return;
        };
        let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
        let mut seen = 0;
        for row in rows.iter().filter(|row| row["platform"] == "wecom") {
            let (code, class) = (row["code"].as_i64().unwrap(), row["class"].as_str().unwrap());
            let at = match row["scope"].as_str().unwrap() {
                "*" | "message/send" => Endpoint::WecomSend,
                "gettoken" => Endpoint::WecomToken,
                "webhook" => Endpoint::WecomRobot,
                _ => continue,
            };
            if code != 0 {
                assert_eq!(word(classify(at, code)), class, "{row}");
                seen += 1;
            }
        }
        assert!(seen > 20, "only {seen} rows were looked at");
    }
}

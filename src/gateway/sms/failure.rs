//! What Tencent Cloud's refusals mean.
//!
//! Codes are words with a dot; the numbers kept with a notice are those of the older interface, as
//! published beside them.

use std::time::Duration;

use crate::gateway::http::{HttpError, Reply};
use crate::gateway::wechat::{self, Class};

/// Why a message to a person did not go out, whoever was to carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub class: Class,
    /// The provider's number, where its answer has one.
    pub errcode: Option<i64>,
    /// The provider's id of the call, by which its support finds it.
    pub rid: Option<String>,
    /// True when the message may have left although no answer says so.
    pub doubtful: bool,
    /// How long it asked to be left alone.
    pub retry_after: Option<Duration>,
    /// For the operator's eyes; never branch on it.
    pub detail: String,
}

impl From<wechat::Failure> for Failure {
    fn from(failure: wechat::Failure) -> Self {
        let wechat::Failure { class, errcode, rid, doubtful, retry_after, detail, .. } = failure;
        Self { class, errcode, rid, doubtful, retry_after, detail }
    }
}

/// Codes with a number of their own and what follows from them. A code that is not here is judged
/// by its first word.
const KNOWN: &[(&str, i64, Class)] = &[
    ("FailedOperation.ContainSensitiveWord", 1002, Class::ContentRejected),
    ("FailedOperation.SignatureIncorrectOrUnapproved", 1012, Class::ConfigError),
    ("LimitExceeded.DeliveryFrequencyLimit", 1013, Class::RateLimited),
    ("FailedOperation.TemplateIncorrectOrUnapproved", 1014, Class::ConfigError),
    ("FailedOperation.PhoneNumberInBlacklist", 1015, Class::DropRecipient),
    (NO_MOBILE, 1016, Class::DropRecipient),
    ("InvalidParameterValue.ContentLengthLimit", 1017, Class::ContentRejected),
    ("InternalError.RequestTimeException", 1021, Class::ConfigError),
    ("LimitExceeded.AppDailyLimit", APP_DAY, Class::RateLimited),
    ("LimitExceeded.AppMainlandChinaDailyLimit", APP_DAY, Class::RateLimited),
    ("LimitExceeded.PhoneNumberThirtySecondLimit", 1023, Class::RateLimited),
    ("LimitExceeded.PhoneNumberOneHourLimit", NUMBER_HOUR, Class::RateLimited),
    ("LimitExceeded.PhoneNumberDailyLimit", NUMBER_DAY, Class::RateLimited),
    ("LimitExceeded.PhoneNumberSameContentDailyLimit", SAME_WORDS, Class::RateLimited),
    ("FailedOperation.InsufficientBalanceInSmsPackage", 1031, Class::ConfigError),
    ("InvalidParameterValue.TemplateParameterLengthLimit", 1036, Class::ContentRejected),
    ("InvalidParameterValue.ProhibitedUseUrlInTemplateParameter", 1048, Class::ContentRejected),
];
/// What is said of a number in a region that the provider does not serve.
const NO_REGION: &str = "UnsupportedOperation.UnsupportedRegion";

/// What is said of a number that can get no text message at all.
pub const NO_MOBILE: &str = "InvalidParameterValue.IncorrectPhoneNumber";
/// All messages of a day are used up.
pub const APP_DAY: i64 = 1022;
/// This number got all it may get in an hour.
pub const NUMBER_HOUR: i64 = 1024;
/// This number got all it may get in a day.
pub const NUMBER_DAY: i64 = 1025;
/// This number got the same words often enough today.
pub const SAME_WORDS: i64 = 1026;
/// The provider itself does not know whether it went out.
const PASSED_ON: &[&str] = &["InternalError.Timeout", "InternalError.SendAndRecvFail"];

/// Judges a code.
pub fn of_code(code: &str, request: Option<&str>) -> Failure {
    let known = KNOWN.iter().find(|(word, ..)| *word == code);
    let class = known.map_or_else(|| by_first_word(code), |(.., class)| *class);
    Failure {
        class,
        errcode: known.map(|(_, number, _)| *number),
        rid: request.map(str::to_owned),
        detail: code.to_owned(),
        doubtful: PASSED_ON.contains(&code),
        retry_after: None,
    }
}

fn by_first_word(code: &str) -> Class {
    match code.split('.').next().unwrap_or_default() {
        "LimitExceeded" | "RequestLimitExceeded" => Class::RateLimited,
        "InternalError" | "ResourceUnavailable" | "ServiceUnavailable" => Class::Retry,
        // The others of its kind say that number and template do not fit, and every number is one of
        // the mainland: the template is wrong, not the person.
        "UnsupportedOperation" if code == NO_REGION => Class::DropRecipient,
        _ => Class::ConfigError,
    }
}

/// Judges a call without an answer.
pub fn of_http(error: &HttpError) -> Failure {
    Failure {
        class: Class::Retry,
        errcode: None,
        rid: None,
        detail: error.to_string(),
        doubtful: error.is_doubtful(),
        retry_after: None,
    }
}

/// Judges an answer that is none of the described ones; it may have come after the message left, but
/// not when it sends us elsewhere, refuses, or says that we ask too often.
pub fn unreadable(reply: &Reply) -> Failure {
    let often = reply.status == TOO_MANY;
    Failure {
        class: if often { Class::RateLimited } else { Class::Retry },
        errcode: None,
        rid: None,
        detail: format!("an answer of status {} that says nothing known", reply.status),
        doubtful: !(300..500).contains(&reply.status),
        retry_after: reply.retry_after,
    }
}

/// Of HTTP (RFC 6585, section 4).
const TOO_MANY: u16 = 429;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_too_often_waits_as_long_as_he_is_told_and_has_sent_nothing() {
        let reply = |status, seconds: Option<u64>| Reply {
            status,
            content_type: String::new(),
            retry_after: seconds.map(Duration::from_secs),
            body: Vec::new(),
        };
        let often = unreadable(&reply(429, Some(7)));
        assert_eq!((often.class, often.doubtful), (Class::RateLimited, false));
        assert_eq!(often.retry_after, Some(Duration::from_secs(7)));
        let broken = unreadable(&reply(503, Some(9)));
        assert_eq!((broken.class, broken.doubtful), (Class::Retry, true));
        assert_eq!(broken.retry_after, Some(Duration::from_secs(9)));
        assert_eq!(unreadable(&reply(200, None)).retry_after, None);
    }

    #[test]
    fn every_kind_of_refusal_has_its_consequence() {
        for (code, class, doubtful) in [
            ("LimitExceeded.PhoneNumberDailyLimit", Class::RateLimited, false),
            ("LimitExceeded.SomethingNew", Class::RateLimited, false),
            ("RequestLimitExceeded.UinLimitExceeded", Class::RateLimited, false),
            ("FailedOperation.PhoneNumberInBlacklist", Class::DropRecipient, false),
            ("UnsupportedOperation.UnsupportedRegion", Class::DropRecipient, false),
            ("UnsupportedOperation", Class::ConfigError, false),
            (
                "UnsupportedOperation.GlobalTemplateToChineseMainlandPhone",
                Class::ConfigError,
                false,
            ),
            ("AuthFailure.SignatureFailure", Class::ConfigError, false),
            ("UnauthorizedOperation.SmsSdkAppIdVerifyFail", Class::ConfigError, false),
            ("FailedOperation.TemplateIncorrectOrUnapproved", Class::ConfigError, false),
            ("FailedOperation.ContainSensitiveWord", Class::ContentRejected, false),
            ("InternalError.OtherError", Class::Retry, false),
            ("InternalError.Timeout", Class::Retry, true),
        ] {
            let failure = of_code(code, None);
            assert_eq!((failure.class, failure.doubtful), (class, doubtful), "{code}");
        }
    }
}

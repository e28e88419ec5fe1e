//! Why a call to WeChat did not do what was asked, in words the engine can act on.
//!
//! The same number means different things at different endpoints, so the class is decided on
//! (endpoint, code) and never on the text of `errmsg`, which changes without notice.

use std::error::Error as _;
use std::time::Duration;

use crate::gateway::http::HttpError;
use crate::gateway::wecom;

/// What the caller should do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Passing trouble: repeat later, a few times.
    Retry,
    /// The token was refused again after it had been renewed once.
    RefreshToken,
    /// A quota is used up: wait for the next window without burning attempts.
    RateLimited,
    /// This person cannot be reached through this channel until they consent or bind again.
    DropRecipient,
    /// An operator has to change something; repeating is useless.
    ConfigError,
    /// The text must change.
    ContentRejected,
    /// The person must act again, for example log in again.
    ClientError,
}

/// The calls to WeChat and WeCom that this program makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `/cgi-bin/stable_token`
    Token,
    /// `/sns/jscode2session`
    Login,
    /// `/cgi-bin/message/template/send`
    Template,
    /// `/cgi-bin/message/subscribe/send`
    Subscribe,
    /// `/wxa/msg_sec_check`
    CheckText,
    /// `/wxa/media_check_async`
    CheckMedia,
    /// `/wxa/business/getuserphonenumber`
    PhoneNumber,
    /// `/wxa/getwxacodeunlimit`
    Wxacode,
    /// `/cgi-bin/user/info`
    UserInfo,
    /// `/cgi-bin/user/get`
    Followers,
    /// `/cgi-bin/user/info/batchget`
    UserBatch,
    /// `/cgi-bin/qrcode/create`
    SceneCode,
    /// `/cgi-bin/openapi/quota/get`
    Quota,
    /// `/cgi-bin/template/get_all_private_template`
    OaTemplates,
    /// `/wxaapi/newtmpl/gettemplate`
    MiniTemplates,
    /// `/cgi-bin/message/wxopen/employeerelationmsg/send`
    Employee,
    /// WeCom's `/cgi-bin/gettoken`
    WecomToken,
    /// WeCom's `/cgi-bin/message/send`
    WecomSend,
    /// WeCom's `/cgi-bin/message/update_template_card`
    WecomUpdate,
    /// WeCom's `/cgi-bin/webhook/send`
    WecomRobot,
}

impl Endpoint {
    /// Every endpoint of WeChat, in the order of declaration.
    pub const ALL: &'static [Self] = &[
        Self::Token,
        Self::Login,
        Self::Template,
        Self::Subscribe,
        Self::CheckText,
        Self::CheckMedia,
        Self::PhoneNumber,
        Self::Wxacode,
        Self::UserInfo,
        Self::Followers,
        Self::UserBatch,
        Self::SceneCode,
        Self::Quota,
        Self::OaTemplates,
        Self::MiniTemplates,
        Self::Employee,
    ];

    /// Returns the path at the API host.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Token => "/cgi-bin/stable_token",
            Self::Login => "/sns/jscode2session",
            Self::Template => "/cgi-bin/message/template/send",
            Self::Subscribe => "/cgi-bin/message/subscribe/send",
            Self::CheckText => "/wxa/msg_sec_check",
            Self::CheckMedia => "/wxa/media_check_async",
            Self::PhoneNumber => "/wxa/business/getuserphonenumber",
            Self::Wxacode => "/wxa/getwxacodeunlimit",
            Self::UserInfo => "/cgi-bin/user/info",
            Self::Followers => "/cgi-bin/user/get",
            Self::UserBatch => "/cgi-bin/user/info/batchget",
            Self::SceneCode => "/cgi-bin/qrcode/create",
            Self::Quota => "/cgi-bin/openapi/quota/get",
            Self::OaTemplates => "/cgi-bin/template/get_all_private_template",
            Self::MiniTemplates => "/wxaapi/newtmpl/gettemplate",
            Self::Employee => "/cgi-bin/message/wxopen/employeerelationmsg/send",
            Self::WecomToken => "/cgi-bin/gettoken",
            Self::WecomSend => "/cgi-bin/message/send",
            Self::WecomUpdate => "/cgi-bin/message/update_template_card",
            Self::WecomRobot => "/cgi-bin/webhook/send",
        }
    }

    /// Says whether the call carries an access token.
    pub const fn takes_token(self) -> bool {
        !matches!(self, Self::Token | Self::Login | Self::WecomToken | Self::WecomRobot)
    }

    /// Says whether the call carries a message, so that it matters to somebody whether it was
    /// really taken over.
    pub const fn sends(self) -> bool {
        matches!(
            self,
            Self::Template | Self::Subscribe | Self::Employee | Self::WecomSend | Self::WecomRobot
        )
    }

    /// Says whether WeChat delivers a repeat of the message that the call carries: there is no key by
    /// which it would be known.
    pub const fn rings_twice(self) -> bool {
        matches!(self, Self::Subscribe | Self::Employee)
    }

    /// Says whether the call goes to WeCom, whose numbers mean other things.
    pub const fn is_wecom(self) -> bool {
        matches!(self, Self::WecomToken | Self::WecomSend | Self::WecomUpdate | Self::WecomRobot)
    }
}

/// WeChat is busy, and may have delivered the message all the same. Of WeCom nobody says so.
const BUSY: i64 = -1;

/// A call that did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}{detail}", endpoint.path(), errcode.map(|n| format!("errcode {n}, ")).unwrap_or_default())]
pub struct Failure {
    /// Which call.
    pub endpoint: Endpoint,
    /// What to do about it.
    pub class: Class,
    /// WeChat's number; `None` when no WeChat answer was understood.
    pub errcode: Option<i64>,
    /// The HTTP status of an answer without WeChat's words, or with words that could not be read;
    /// `None` when there was no such answer.
    pub status: Option<u16>,
    /// WeChat's request id, by which support finds the call for 7 days.
    pub rid: Option<String>,
    /// True when the request may have been acted upon although no answer says so.
    pub doubtful: bool,
    /// How long it asked to be left alone.
    pub retry_after: Option<Duration>,
    /// WeChat's words or the transport's cause, for the operator's eyes; never branch on it.
    pub detail: String,
}

impl Failure {
    /// Says whether WeChat refused the token itself, so that a new token may help.
    pub(in crate::gateway) fn refuses_token(&self) -> bool {
        let numbers = match self.errcode {
            Some(40014 | 41001 | 42001) => true,
            // At WeCom this one is about the secret.
            Some(40001) => !self.endpoint.is_wecom(),
            _ => false,
        };
        numbers && self.endpoint.takes_token()
    }

    /// What a failure to get a token means for the call that wanted it: that was not sent, and the
    /// number of the refusal says nothing about whom it was for, nor about the call's own quota.
    pub(in crate::gateway) fn before_the_call(self) -> Self {
        let class = match self.class {
            Class::DropRecipient | Class::ContentRejected | Class::ClientError => {
                Class::ConfigError
            }
            class => class,
        };
        let detail = match self.errcode {
            Some(code) => format!("no token ({code}): {}", self.detail),
            None => self.detail,
        };
        Self { class, errcode: None, status: None, doubtful: false, detail, ..self }
    }

    /// Says whether somebody in between refused this one call, so that others may go through.
    pub fn is_of_another(&self) -> bool {
        self.status.is_some_and(|status| matches!(status, 300..=407 | 409..=428 | 430..=499))
    }

    /// Says whether an answer came that could not be read: what spoils it may be one entry of many, so
    /// that a smaller question may be answered.
    pub fn is_unread(&self) -> bool {
        self.status == Some(200)
    }

    /// Makes a failure from a refusal in WeChat's own words.
    pub(in crate::gateway) fn refused(endpoint: Endpoint, errcode: i64, errmsg: &str) -> Self {
        let class = classify(endpoint, errcode);
        let rid = errmsg.split_once("rid:").map(|(_, id)| id.trim().to_owned());
        Self {
            endpoint,
            class,
            errcode: Some(errcode),
            status: None,
            rid,
            doubtful: errcode == BUSY && endpoint.rings_twice(),
            retry_after: None,
            detail: errmsg.to_owned(),
        }
    }

    /// Makes a failure from an HTTP status other than 200, without WeChat's words: WeChat refuses in
    /// words, so that it comes from somebody in between and may pass. A gateway that got no answer, or
    /// a broken one, had passed the request on; a yes without words is none.
    pub(in crate::gateway) fn status(endpoint: Endpoint, status: u16) -> Self {
        let class = match status {
            429 => Class::RateLimited,
            _ => Class::Retry,
        };
        let passed_on = matches!(status, 200..300 | 502 | 504);
        let detail = format!("HTTP status {status}");
        Self { status: Some(status), ..Self::silent(endpoint, class, passed_on, detail) }
    }

    /// Makes a failure from a 200 whose body is not understood: something was done, unknown what.
    pub(in crate::gateway) fn garbled(endpoint: Endpoint, why: &str) -> Self {
        Self::silent(endpoint, Class::Retry, true, format!("answer not understood: {why}"))
    }

    /// Makes a failure from the absence of an answer.
    pub(in crate::gateway) fn unanswered(endpoint: Endpoint, cause: &HttpError) -> Self {
        let mut detail = cause.to_string();
        let mut inner = cause.source();
        while let Some(reason) = inner {
            detail = format!("{detail}: {reason}");
            inner = reason.source();
        }
        Self::silent(endpoint, Class::Retry, cause.is_doubtful(), detail)
    }

    /// Makes a failure that our own checks found.
    pub(in crate::gateway) fn local(endpoint: Endpoint, class: Class, detail: &str) -> Self {
        Self::silent(endpoint, class, false, detail.to_owned())
    }

    fn silent(endpoint: Endpoint, class: Class, doubtful: bool, detail: String) -> Self {
        Self {
            endpoint,
            class,
            errcode: None,
            status: None,
            rid: None,
            doubtful,
            retry_after: None,
            detail,
        }
    }
}

/// Decides what to do about `code` at `endpoint`. A number nobody has described is a `Retry`: the
/// caller's small cap of attempts then turns it over to an operator.
pub fn classify(endpoint: Endpoint, code: i64) -> Class {
    if endpoint.is_wecom() {
        return wecom::failure::classify(endpoint, code);
    }
    if let Some(class) = peculiar(endpoint, code) {
        return class;
    }
    match code {
        45009 | 45011 => Class::RateLimited,
        46004 | 50002 => Class::DropRecipient,
        40013 | 40097 | 40125 | 40164 | 41002 | 41004 | 43002 | 44002 | 47001 | 48001 | 48004
        | 61007 => Class::ConfigError,
        40001 | 40014 | 41001 | 42001 if endpoint.takes_token() => Class::RefreshToken,
        _ => Class::Retry,
    }
}

/// The meanings that hold at some endpoints only.
const PECULIAR: &[(&[Endpoint], &[i64], Class)] = {
    use Endpoint::{
        CheckMedia, CheckText, Employee, Login, PhoneNumber, Quota, Subscribe, Template, Token,
        UserInfo, Wxacode,
    };
    &[
        (&[Token], &[40001, 40002, 40243, 50004, 50007, 89503, 89506, 89507], Class::ConfigError),
        (&[Login, PhoneNumber], &[40029], Class::ClientError),
        (&[Login], &[40163], Class::ClientError),
        (&[Login], &[40226], Class::DropRecipient),
        (&[Template, Subscribe, CheckText, CheckMedia, UserInfo], &[40003], Class::DropRecipient),
        (&[Template, UserInfo], &[48002, 50005], Class::DropRecipient),
        (&[Template], &[43004, 43019], Class::DropRecipient),
        // The page is not in the released mini-program, or that is not bound to the account.
        (&[Template], &[40036, 40165, 40166, 43116], Class::ConfigError),
        (&[Template, Subscribe], &[40037, 47003], Class::ConfigError),
        (&[Template], &[43117], Class::RateLimited),
        (&[Template], &[40249], Class::ContentRejected),
        (&[Subscribe], &[43101], Class::DropRecipient),
        (&[Subscribe], &[43107], Class::ConfigError),
        (&[Subscribe], &[43108], Class::Retry),
        (&[Subscribe], &[45168], Class::ContentRejected),
        (&[Subscribe, Wxacode], &[41030], Class::ConfigError),
        (&[Employee], &[40003, 40256, 40257, 50001], Class::DropRecipient),
        (&[Employee], &[40037, 43104, 47003], Class::ConfigError),
        (&[CheckText, CheckMedia], &[43104], Class::DropRecipient),
        (&[CheckText, CheckMedia], &[44991], Class::RateLimited),
        (&[CheckText, CheckMedia], &[61010], Class::ClientError),
        (&[CheckText], &[87014], Class::ContentRejected),
        (&[CheckMedia], &[40004], Class::ConfigError),
        (&[CheckMedia], &[87020], Class::ClientError),
        (&[CheckText, Wxacode], &[40129], Class::ConfigError),
        (&[Wxacode], &[40169, 85096], Class::ConfigError),
        (&[Quota], &[76021, 76022], Class::ConfigError),
    ]
};

fn peculiar(endpoint: Endpoint, code: i64) -> Option<Class> {
    let row =
        PECULIAR.iter().find(|(at, codes, _)| at.contains(&endpoint) && codes.contains(&code));
    row.map(|(_, _, class)| *class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_of_the_token_call_says_nothing_about_the_recipient() {
        for (at, code, class) in [
            (Endpoint::Token, 50_002, Class::ConfigError),
            (Endpoint::Token, 46_004, Class::ConfigError),
            (Endpoint::Token, 40_164, Class::ConfigError),
            (Endpoint::Token, -1, Class::Retry),
            (Endpoint::Token, 45_009, Class::RateLimited),
            (Endpoint::WecomToken, 50_002, Class::ConfigError),
            (Endpoint::WecomToken, 60_111, Class::ConfigError),
            (Endpoint::WecomToken, 85_002, Class::ConfigError),
        ] {
            let failure = Failure::refused(at, code, "").before_the_call();
            assert_eq!((failure.class, failure.doubtful), (class, false), "{at:?} {code}");
        }
    }

    #[test]
    fn a_busy_answer_leaves_open_whether_a_message_was_delivered_that_a_repeat_delivers_twice() {
        use Endpoint::{Employee, Subscribe, Template, Token, UserInfo, WecomRobot, WecomSend};
        for (at, code, doubtful) in [
            (Subscribe, -1, true),
            (Employee, -1, true),
            (Subscribe, 43_108, false),
            (Employee, 45_011, false),
            (Template, -1, false),
            (UserInfo, -1, false),
            (Token, -1, false),
            (WecomSend, -1, false),
            (WecomRobot, -1, false),
        ] {
            let failure = Failure::refused(at, code, "");
            assert_eq!(failure.doubtful, doubtful, "{at:?} {code}");
        }
    }

    #[test]
    fn a_page_that_the_template_message_may_not_open_is_for_an_operator() {
        for code in [40_165, 40_166] {
            assert_eq!(classify(Endpoint::Template, code), Class::ConfigError, "{code}");
        }
    }

    #[test]
    fn a_token_is_renewed_for_every_number_that_is_about_it() {
        use Endpoint::{Template, Token, WecomSend, WecomToken};
        for (at, code, renewed) in [
            (Template, 40_001, true),
            (Template, 40_014, true),
            (Template, 41_001, true),
            (Template, 42_001, true),
            (Template, 40_003, false),
            (Token, 40_001, false),
            (WecomSend, 40_014, true),
            (WecomSend, 41_001, true),
            (WecomSend, 42_001, true),
            (WecomSend, 40_001, false),
            (WecomToken, 42_001, false),
        ] {
            assert_eq!(Failure::refused(at, code, "").refuses_token(), renewed, "{at:?} {code}");
        }
    }

    #[test]
    fn a_status_says_whether_the_request_was_passed_on() {
        for (status, class, doubtful) in [
            (429, Class::RateLimited, false),
            (500, Class::Retry, false),
            (502, Class::Retry, true),
            (503, Class::Retry, false),
            (504, Class::Retry, true),
            (302, Class::Retry, false),
            (403, Class::Retry, false),
            (404, Class::Retry, false),
            (408, Class::Retry, false),
            (202, Class::Retry, true),
        ] {
            let failure = Failure::status(Endpoint::Subscribe, status);
            assert_eq!((failure.class, failure.doubtful), (class, doubtful), "{status}");
        }
    }
}

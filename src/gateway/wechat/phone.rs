//! Exchanges the code of the phone-number button for the number.

use serde::{Deserialize, Serialize};

use super::failure::{Class, Endpoint, Failure};
use super::{AppKind, Wechat};

/// A number that WeChat has verified. Has no `Debug`: it is personal and belongs in no log.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber {
    /// The number without country code.
    pub number: String,
    /// The country code without plus sign, `86` at home.
    pub country_code: String,
}

#[derive(Serialize)]
struct Body<'a> {
    code: &'a str,
    openid: &'a str,
}

#[derive(Deserialize)]
struct Answer {
    phone_info: Info,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    #[serde(deserialize_with = "super::tolerant::text")]
    pure_phone_number: String,
    #[serde(default, deserialize_with = "super::tolerant::text")]
    country_code: String,
    watermark: Watermark,
}

#[derive(Deserialize)]
struct Watermark {
    appid: String,
}

impl Wechat {
    /// Exchanges `code`, which WeChat checks to be of `openid`. Fails with `Class::ClientError`
    /// when the person has to press the button again.
    pub async fn phone_number(&self, code: &str, openid: &str) -> Result<PhoneNumber, Failure> {
        let body = Body { code, openid };
        let answer: Answer = self.post(AppKind::Mini, Endpoint::PhoneNumber, &body).await?;
        let info = answer.phone_info;
        if info.watermark.appid != self.account(AppKind::Mini).appid {
            let why = "the number's watermark names another app";
            return Err(Failure::local(Endpoint::PhoneNumber, Class::ConfigError, why));
        }
        Ok(PhoneNumber { number: info.pure_phone_number, country_code: info.country_code })
    }
}

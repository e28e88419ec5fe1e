//! Looks followers of the official account up, to join them with their mini-program logins, and makes
//! the codes by which a person joins himself.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::failure::{Endpoint, Failure};
use super::login::trimmed;
use super::{AppKind, Wechat};

/// How many followers one question names at most.
pub const BATCH: usize = 100;
/// Where WeChat shows a code as a picture, to everybody.
const PICTURES: &str = "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=";

/// What the official account knows about one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follower {
    /// The person at the official account.
    pub openid: String,
    /// Whether the person follows now; only then is anything else known.
    pub follows: bool,
    /// The same id that `Session::unionid` carries.
    pub unionid: Option<String>,
}

/// Followers in WeChat's order, at most 10,000.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followers {
    pub openids: Vec<String>,
}

/// A code of the official account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SceneCode {
    /// What the code says.
    pub url: String,
    /// Where the code is shown as a picture.
    pub image_url: String,
}

#[derive(Deserialize)]
struct Answer {
    /// An answer without it says nothing.
    #[serde(default, deserialize_with = "super::tolerant::maybe_integer")]
    subscribe: Option<i64>,
    #[serde(default, deserialize_with = "super::tolerant::text")]
    openid: String,
    #[serde(default, deserialize_with = "super::tolerant::text")]
    unionid: String,
}

impl Answer {
    fn follower(self) -> Option<Follower> {
        let follows = self.subscribe? == 1;
        Some(Follower { openid: self.openid, follows, unionid: trimmed(Some(self.unionid)) })
    }
}

#[derive(Deserialize)]
struct Page {
    /// Absent behind the last follower.
    #[serde(default)]
    data: Option<Openids>,
    #[serde(default, deserialize_with = "super::tolerant::maybe_integer")]
    count: Option<i64>,
}

#[derive(Deserialize)]
struct Openids {
    #[serde(default, deserialize_with = "super::tolerant::texts")]
    openid: Vec<String>,
}

#[derive(Deserialize)]
struct Batch {
    #[serde(deserialize_with = "super::tolerant::rows")]
    user_info_list: Vec<Answer>,
}

impl Batch {
    /// Nobody can say whose an answer without an openid is.
    fn followers(self) -> Vec<Follower> {
        let named = self.user_info_list.into_iter().filter(|one| !one.openid.is_empty());
        named.filter_map(Answer::follower).collect()
    }
}

#[derive(Deserialize)]
struct Ticket {
    ticket: String,
    #[serde(default, deserialize_with = "super::tolerant::text")]
    url: String,
}

#[derive(Serialize)]
struct Asked<'a> {
    openid: &'a str,
    lang: &'static str,
}

impl Wechat {
    /// Looks the follower with this openid of the official account up.
    pub async fn follower(&self, openid: &str) -> Result<Follower, Failure> {
        let query = [("openid", openid), ("lang", "zh_CN")];
        let answer: Answer = self.get(AppKind::Oa, Endpoint::UserInfo, &query).await?;
        let silent = || Failure::garbled(Endpoint::UserInfo, "it does not say whether he follows");
        Ok(Follower { openid: openid.to_owned(), ..answer.follower().ok_or_else(silent)? })
    }

    /// Looks at most [`BATCH`] followers up.
    pub async fn follower_batch(&self, openids: &[String]) -> Result<Vec<Follower>, Failure> {
        let asked = |openid: &String| json!(Asked { openid, lang: "zh_CN" });
        let body = json!({ "user_list": openids.iter().map(asked).collect::<Vec<_>>() });
        let answer: Batch = self.post(AppKind::Oa, Endpoint::UserBatch, &body).await?;
        Ok(answer.followers())
    }

    /// Lists the followers behind `after`, from the first one when that is empty; none behind the
    /// last.
    pub async fn followers(&self, after: &str) -> Result<Followers, Failure> {
        let query = [("next_openid", after)];
        let page: Page = self.get(AppKind::Oa, Endpoint::Followers, &query).await?;
        match (page.data, page.count) {
            (Some(data), _) => Ok(Followers { openids: data.openid }),
            (None, Some(_)) => Ok(Followers { openids: Vec::new() }),
            (None, None) => {
                Err(Failure::garbled(Endpoint::Followers, "neither a list nor a count"))
            }
        }
    }

    /// Makes a code that carries `scene` (1 to 64 characters) for so many seconds, at most 30 days.
    pub async fn scene_code(&self, scene: &str, seconds: u64) -> Result<SceneCode, Failure> {
        let body = json!({ "expire_seconds": seconds, "action_name": "QR_STR_SCENE",
            "action_info": { "scene": { "scene_str": scene } } });
        let answer: Ticket = self.post(AppKind::Oa, Endpoint::SceneCode, &body).await?;
        let image_url = format!("{PICTURES}{}", escaped(&answer.ticket));
        Ok(SceneCode { url: answer.url, image_url })
    }
}

/// Writes a text so that it can stand in a query.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _always = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_with_blanks_numbers_as_text_and_nothing_at_the_end() {
        let batch = r#"{"user_info_list":[{"subscribe":"1","openid":"a","unionid":" u-1"},
            {"subscribe":0,"openid":"b"},{"subscribe":1,"openid":"c","unionid":""},
            {"openid":"d","unionid":"u-4"},{"subscribe":1,"openid":null,"unionid":"u-5"},null,
            {"subscribe":1,"openid":"f","unionid":null}]}"#;
        let batch: Batch = serde_json::from_str(batch).unwrap();
        let read = batch.followers();
        let one = |openid: &str, follows, unionid: Option<&str>| Follower {
            openid: openid.into(),
            follows,
            unionid: unionid.map(str::to_owned),
        };
        let (a, b, c) = (one("a", true, Some("u-1")), one("b", false, None), one("c", true, None));
        assert_eq!(read, [a, b, c, one("f", true, None)]);
        for (text, many) in [
            (r#"{"total":2,"count":2,"data":{"openid":["a","b"]},"next_openid":"b"}"#, 2),
            (r#"{"total":3,"count":3,"data":{"openid":["a",null,"b"]},"next_openid":"b"}"#, 2),
            (r#"{"total":2,"count":0,"next_openid":""}"#, 0),
            (r#"{"total":0,"count":0,"data":null}"#, 0),
        ] {
            let page: Page = serde_json::from_str(text).unwrap();
            assert_eq!(page.data.map_or(0, |data| data.openid.len()), many, "{text}");
        }
        assert_eq!(escaped("gQ+/=_-a1"), "gQ%2B%2F%3D_-a1");
    }
}

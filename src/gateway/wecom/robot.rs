//! Group robots: one address with a key, no token, no receipt. The key is a secret.

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::Wecom;
use crate::gateway::wechat::call::accepted;
use crate::gateway::wechat::failure::{Endpoint, Failure};

impl Wecom {
    /// Says something in a robot's group; the failure says whether it may have been said.
    pub async fn say(&self, key: &SecretString, text: &str) -> Result<(), Failure> {
        let url = format!("{}{}", self.base_url, Endpoint::WecomRobot.path());
        let body = json!({ "msgtype": "text", "text": { "content": text } });
        let reply = self.http.post_json(&url, &[("key", key.expose_secret())], &body).await;
        accepted(Endpoint::WecomRobot, reply).map(drop)
    }
}

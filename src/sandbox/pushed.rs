//! The sandbox's own way out: WeChat pushes to us, so its stand-in has to send as well. Kept
//! apart from `gateway::http`, because the two ends of a wire must not share their mistakes.

use std::io;
use std::time::Duration;

/// WeChat hangs up after 5 seconds.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Outbound {
    client: reqwest::Client,
}

impl Outbound {
    pub(super) fn new() -> io::Result<Self> {
        let client = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build();
        Ok(Self { client: client.map_err(io::Error::other)? })
    }

    /// Posts a body and returns status and text of the answer.
    #[expect(clippy::disallowed_methods, reason = "the one sender of the stand-in, see above")]
    pub(super) async fn push(
        &self,
        url: &str,
        query: &[(&str, String)],
        content_type: &str,
        body: String,
    ) -> Result<(u16, String), reqwest::Error> {
        let request = self.client.post(url).query(query).header("content-type", content_type);
        let answer = request.body(body).send().await?;
        let status = answer.status().as_u16();
        Ok((status, answer.text().await?))
    }
}

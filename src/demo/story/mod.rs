//! The story of the demo street, played over HTTP by invented people against a running server.
//!
//! It knows the server and the stand-in for WeChat by their addresses only, so what it shows is
//! what a phone would see. Every step is an expectation; the story fails with the first that a
//! case does not meet, and goes on with the other cases.

mod acts;
mod client;
mod tell;

#[cfg(test)]
mod tests;

use entity::kinds::Timestamp;
use futures::StreamExt;
use serde::Deserialize;

pub use client::{Stage, StoryError};

use crate::clock::Clock;
use acts::Ended;

const MESSAGES: &str = include_str!("../../../demo/messages.jsonl");
/// How many cases happen at once: enough to be quick, few enough to be read.
const TOGETHER: usize = 8;

/// The residents who have a phone at the stand-in: openid and name.
pub const RESIDENTS: [(&str, &str); 8] = [
    ("demo-resident-01", "周玉兰"),
    ("demo-resident-02", "孟庆国"),
    ("demo-resident-03", "田秀英"),
    ("demo-resident-04", "马晓东"),
    ("demo-resident-05", "程立新"),
    ("demo-resident-06", "许桂芳"),
    ("demo-resident-07", "贾文博"),
    ("demo-resident-08", "郝春梅"),
];

/// A resident's message and what the tables say becomes of it.
#[derive(Clone, Debug, Deserialize)]
pub struct Message {
    pub id: String,
    pub about: String,
    pub text: String,
    pub category: String,
    pub danger: bool,
    pub stuck: bool,
    pub gps: Option<serde_json::Value>,
    pub expected: Expected,
}

/// What becomes of a message.
#[derive(Clone, Debug, Deserialize)]
pub struct Expected {
    /// `route`, `route_big`, `clarify`, `reject`.
    pub action: String,
    pub grid: Option<String>,
}

/// Reads the messages of the story.
pub fn messages() -> Result<Vec<Message>, serde_json::Error> {
    MESSAGES.lines().filter(|line| !line.trim().is_empty()).map(serde_json::from_str).collect()
}

/// Plays the story and prints it. Fails when any expectation was not met.
pub async fn run(stage: &Stage, clock: &Clock) -> Result<(), StoryError> {
    let began = clock.now();
    let messages =
        messages().map_err(|why| StoryError::new(format!("demo/messages.jsonl：{why}")))?;
    println!(
        "演示用的升级链以秒计：5 秒替班网格员、10 秒社区干部、15 秒社区书记、20 秒街道指挥中心。"
    );
    println!("正式的升级链以分钟和工作时间计，数字都是数据。\n");
    consents(stage, began).await?;
    let run = began.0.to_string();
    let played = messages.iter().enumerate().map(|(at, message)| {
        let (resident, _) = RESIDENTS.get(at % RESIDENTS.len()).copied().unwrap_or_default();
        acts::play(stage, message, resident, &run)
    });
    let ended: Vec<_> = futures::stream::iter(played).buffered(TOGETHER).collect().await;
    for (message, outcome) in messages.iter().zip(&ended) {
        tell::case(message, outcome);
    }
    report(stage, began, clock, &ended).await
}

/// Each resident taps "allow" as often as he will be written to.
async fn consents(stage: &Stage, began: Timestamp) -> Result<(), StoryError> {
    let second = began.0 / 1_000_000;
    for (openid, _) in RESIDENTS {
        // WeChat knows the person at once, the server from the first sign-in on.
        stage.sign_in(openid).await?;
        for tap in 0..4 {
            stage.consent(openid, second + tap).await?;
        }
    }
    Ok(())
}

async fn report(
    stage: &Stage,
    began: Timestamp,
    clock: &Clock,
    ended: &[Result<Ended, StoryError>],
) -> Result<(), StoryError> {
    let auditor = stage.sign_in("demo-auditor").await?;
    let (from, to) = (client::instant(began), client::instant(clock.now()));
    let path = format!("/api/v1/audit/response-times?from={from}&to={to}&group_by=grid");
    let table = stage.get(&auditor, &path).await?;
    tell::audit(&table);
    let failed = ended.iter().filter(|one| one.is_err()).count();
    println!("\n{} 件全部符合预期的有 {} 件", ended.len(), ended.len() - failed);
    if failed > 0 {
        return Err(StoryError::new(format!("{failed} 件没有按预期进行")));
    }
    tell::counted(&table, ended.len())
}

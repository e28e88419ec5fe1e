//! Sends the person a test message through one of his channels.

use entity::kinds::Channel;

use super::show::{self, ChannelView};
use super::{TESTS, staff};
use crate::app::actor::Actor;
use crate::app::limit::admit;
use crate::app::notice::ways::Ways;
use crate::app::probe::{greet, plan};
use crate::error::{Code, Error, Result};
use crate::services::Services;

/// Plans a test and returns the channels as they are before it. Fails with `forbidden` for a
/// resident, `not_found` for an unknown channel, `too_many_requests`, and `rule_refused` when the
/// channel does not lead to him.
pub async fn run(s: &Services, actor: &Actor, channel: &str) -> Result<Vec<ChannelView>> {
    let id = staff(actor)?;
    let channel = Channel::from_word(channel).ok_or_else(|| Error::not_found("这个通知渠道"))?;
    admit(s, &TESTS, &format!("s{id}")).await?;
    let (services, now) = (s.clone(), s.clock.now());
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                let person = Ways::load(&services, tx, &[id]).await?.of(id);
                if !person.living.contains(&channel) {
                    return Err(refused("这个渠道还没有登记，请先绑定或登记后再测试"));
                }
                if !greet::allowed(&person, channel) {
                    return Err(refused("请先在小程序里允许一次通知，再发送测试消息"));
                }
                plan::test(tx, id, channel, now).await
            })
        })
        .await?;
    s.wake.ping().await;
    show::of(s, id).await
}

fn refused(detail: &str) -> Error {
    Error::new(Code::RuleRefused, detail)
}

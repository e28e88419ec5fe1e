//! Sends the person a test message through one of his channels.

use entity::kinds::{Channel, StaffId, WechatApp};

use super::show::{self, ChannelView};
use super::{TESTS, staff};
use crate::app::actor::Actor;
use crate::app::limit::admit;
use crate::app::notice::ways::Ways;
use crate::app::probe::{greet, plan};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{self};

/// Plans a test, also of an official account that lost him if WeChat says that he follows it, and of
/// WeCom where a message did not reach him: no push says that his licence was mended. Returns the
/// channels as they are before it. Fails with `forbidden` for a resident, `not_found` for an unknown
/// channel, `too_many_requests`, and `rule_refused` when the channel does not lead to him.
pub async fn run(s: &Services, actor: &Actor, channel: &str) -> Result<Vec<ChannelView>> {
    let id = staff(actor)?;
    let channel = Channel::from_word(channel).ok_or_else(|| Error::not_found("这个通知渠道"))?;
    admit(s, &TESTS, &format!("s{id}")).await?;
    let follows = match channel {
        Channel::OaTemplate => follows_again(s, id).await?,
        _ => None,
    };
    let (services, now) = (s.clone(), s.clock.now());
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                if let Some(openid) = follows {
                    store::people::set_identity_dead(tx, WechatApp::Oa, &openid, None).await?;
                }
                if channel == Channel::WecomCard {
                    store::wecom::try_again(tx, id).await?;
                }
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

/// Asks WeChat about somebody whom the official account could not reach once: who blocked it and
/// lets it speak again sends no event. Returns the openid to try again; whoever is not known to
/// follow stays unreached.
async fn follows_again(s: &Services, id: StaffId) -> Result<Option<String>> {
    let staff = store::people::staff(&s.db.read, &[id]).await?.into_iter().next();
    let Some(account) = staff.and_then(|staff| staff.account_id) else { return Ok(None) };
    let dead = store::people::dead_identity(&s.db.read, account, WechatApp::Oa).await?;
    let Some(dead) = dead else { return Ok(None) };
    let follows = s.wechat.follower(&dead.openid).await.is_ok_and(|one| one.follows);
    Ok(follows.then_some(dead.openid))
}

fn refused(detail: &str) -> Error {
    Error::new(Code::RuleRefused, detail)
}

//! Hands one test message to its platform.

use entity::kinds::{Channel, NoticeKind, Timestamp};
use entity::probe;

use crate::app::case::tell;
use crate::app::notice::letter::Address;
use crate::app::notice::send;
use crate::domain::notice::{probe_fields, probe_text};
use crate::gateway::sms::Failure;
use crate::gateway::wechat::{Sent, SubscribeMessage, TemplateMessage};
use crate::services::Services;

/// Calls the platform once. Its words come from the domain and hold nobody's name.
pub async fn run(
    s: &Services,
    (probe, to): (&probe::Model, &Address),
    now: Timestamp,
) -> Result<Sent, Failure> {
    let key = format!("zp-{}", probe.id);
    let to = match to {
        Address::Openid(openid) => openid.clone(),
        Address::Mobile(sealed, context) => {
            let mobile = send::open_mobile(s, (sealed, context))?;
            let words = probe_text(probe.kind, probe.id, now);
            return s.sms.send(&mobile.as_str().into(), &words, &key, now).await;
        }
    };
    let template_id = tell::template(s, NoticeKind::NewCase, probe.channel).to_owned();
    let data = probe_fields(probe.kind, probe.id, now);
    // No page: there is nothing to open, and nothing to take for a case.
    if probe.channel == Channel::OaTemplate {
        let message = TemplateMessage { to, template_id, page: None, client_msg_id: key, data };
        Ok(s.wechat.send_template(&message).await?)
    } else {
        Ok(s.wechat.send_subscribe(&SubscribeMessage { to, template_id, page: None, data }).await?)
    }
}

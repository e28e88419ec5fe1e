//! Hands one test message to its platform.

use entity::kinds::{Channel, NoticeKind, Timestamp};
use entity::probe;

use crate::app::case::tell;
use crate::app::notice::letter::Address;
use crate::app::notice::send;
use crate::app::notice::stamp;
use crate::domain::notice::{labels, probe_fields, probe_opens, probe_text, probe_title};
use crate::gateway::sms::Failure;
use crate::gateway::wechat::{EmployeeMessage, Sent, SubscribeMessage, TemplateMessage};
use crate::gateway::wecom::Card;
use crate::services::Services;

/// Calls the platform once. Its words come from the domain and hold nobody's name; they say `at`.
pub async fn run(
    s: &Services,
    (probe, to): (&probe::Model, &Address),
    at: Timestamp,
) -> Result<Sent, Failure> {
    let key = stamp::of_test(probe);
    let to = match to {
        Address::Openid(openid) => openid.clone(),
        Address::Mobile(sealed, context) => {
            let mobile = send::open_mobile(s, (sealed, context))?;
            let words = probe_text(probe.kind, probe.id, at);
            return s.sms.send(&mobile.as_str().into(), &words, &key, s.clock.now()).await;
        }
        Address::Member(userid) => {
            s.wecom.send_card(&card(s, (probe, userid), key, at)).await?;
            return Ok(Sent { msgid: None });
        }
    };
    let template_id = tell::template(s, NoticeKind::NewCase, probe.channel).to_owned();
    let data = probe_fields(probe.kind, probe.id, at);
    let page = probe_opens(probe.kind).map(str::to_owned);
    // No page where none is needed: there is nothing to open, and nothing to take for a case.
    match probe.channel {
        Channel::OaTemplate => {
            let message = TemplateMessage { to, template_id, page, client_msg_id: key, data };
            Ok(s.wechat.send_template(&message).await?)
        }
        Channel::Employee => {
            let page = page.unwrap_or_else(|| s.settings.codes.page.clone());
            Ok(s.wechat.send_employee(&EmployeeMessage { to, template_id, page, data }).await?)
        }
        Channel::MiniSubscribe | Channel::WecomCard | Channel::Sms | Channel::Inbox => {
            let message = SubscribeMessage { to, template_id, page, data };
            Ok(s.wechat.send_subscribe(&message).await?)
        }
    }
}

/// A card without a button: it only tells.
fn card(
    s: &Services,
    (probe, userid): (&probe::Model, &str),
    task_id: String,
    at: Timestamp,
) -> Card {
    let values = probe_fields(probe.kind, probe.id, at).into_iter().map(|(_, value)| value);
    let names = labels(NoticeKind::NewCase).into_iter().map(str::to_owned);
    Card {
        to: userid.to_owned(),
        task_id,
        title: format!("【{}】{}", probe.kind.zh(), probe_title(probe.kind)),
        lines: names.zip(values).collect(),
        button: None,
        opens: (
            s.settings.templates.mini_appid.clone(),
            probe_opens(probe.kind).unwrap_or(&s.settings.codes.page).to_owned(),
        ),
    }
}

//! The phone of an account: verified by WeChat, sealed at rest, shown masked.

use entity::kinds::{AccountId, Channel, WechatApp};

use super::wechat;
use crate::app::actor::Actor;
use crate::app::probe;
use crate::app::staff::view::{self, StaffView};
use crate::domain::phone::Phone;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store;
use crate::vault::mask_phone;

/// The column context under which phones of accounts are sealed.
pub(in crate::app) const PHONE: &str = "account.phone";
/// One index for every phone in the database, so that a person is found wherever he left it.
const INDEX: &str = "phone";

/// What an account knows about itself.
#[derive(Debug)]
pub struct AccountView {
    pub account: AccountId,
    pub phone_masked: Option<String>,
    pub staff: Option<StaffView>,
}

/// Exchanges the code of the phone button and keeps the number; returns it masked. Fails with
/// `wechat_code_refused`, `wechat_unreachable`, or `rule_refused` for a number from abroad.
pub async fn verify(s: &Services, actor: &Actor, code: &str) -> Result<String> {
    let identity = store::people::identity(&s.db.read, actor.account, WechatApp::Mini).await?;
    let identity =
        identity.ok_or_else(|| Error::new(Code::RuleRefused, "请在小程序中登录后再验证手机号"))?;
    let told = s.wechat.phone_number(code, &identity.openid).await.map_err(wechat::refused)?;
    let country = told.country_code.trim_start_matches('+');
    let abroad = !matches!(country, "" | "86");
    let raw = if abroad { format!("+{country}{}", told.number) } else { told.number };
    let phone = Phone::parse(&raw).map_err(|why| Error::new(Code::RuleRefused, why.zh()))?;
    let sealed = s.vault.seal(PHONE, phone.as_str()).map_err(Error::internal)?;
    let index = s.vault.blind_index(INDEX, phone.as_str());
    let (services, account, now) = (s.clone(), actor.account, s.clock.now());
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                store::session::set_phone(tx, account, (sealed, index), now).await?;
                store::people::revive_mobile(tx, account).await?;
                probe::greet::account(&services, tx, (account, Channel::Sms), now).await
            })
        })
        .await?;
    s.wake.ping().await;
    Ok(mask_phone(phone.as_str()))
}

/// Reads the number under which an account may be called; `None` when it verified none or took it
/// back.
pub async fn of(s: &Services, account: AccountId) -> Result<Option<String>> {
    let account = store::people::find_account(&s.db.read, account).await?;
    let sealed = account.and_then(|account| account.phone_sealed);
    sealed.map(|sealed| s.vault.open(PHONE, &sealed).map_err(Error::internal)).transpose()
}

/// Reads what the account knows about itself. Fails with `unauthenticated` when it was blocked.
pub async fn me(s: &Services, actor: &Actor) -> Result<AccountView> {
    let account = store::people::find_account(&s.db.read, actor.account).await?;
    let account =
        account.ok_or_else(|| Error::new(Code::Unauthenticated, "登录已失效，请重新登录"))?;
    let phone = account.phone_sealed.map(|sealed| s.vault.open(PHONE, &sealed)).transpose();
    Ok(AccountView {
        account: actor.account,
        phone_masked: phone.map_err(Error::internal)?.map(|phone| mask_phone(&phone)),
        staff: view::of_account(s, actor.account).await?,
    })
}

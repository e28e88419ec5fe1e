//! What is stored about a person, in groups and words that he understands: what it is, what for,
//! and for how long.

use entity::cases;
use entity::kinds::{AccountId, WechatApp};

use super::privacy::{self, Standing};
use super::{HOME, NAME, is_open, obstacle};
use crate::app::actor::Actor;
use crate::app::case::home;
use crate::app::session::phone::PHONE;
use crate::domain::calendar::spoken_date;
use crate::error::{Code, Error, Result};
use crate::services::{Services, Templates};
use crate::store;
use crate::vault::mask_phone;

/// One thing that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub label: String,
    pub value: String,
}

/// What is stored for one purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// A word for programs.
    pub key: &'static str,
    pub title: &'static str,
    /// What it is used for.
    pub purpose: &'static str,
    /// How long it is kept.
    pub kept: &'static str,
    pub items: Vec<Item>,
}

/// Everything, at a glance.
#[derive(Clone, Debug)]
pub struct MyData {
    pub name: Option<String>,
    pub home: Option<String>,
    pub phone_masked: Option<String>,
    pub groups: Vec<Group>,
    /// How often a page of his cases was read.
    pub looks: i64,
    /// Why it cannot be erased now; `None`: it can.
    pub obstacle: Option<String>,
}

/// What a person says of himself, opened.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    pub name: Option<String>,
    pub home: Option<String>,
}

/// Shows what is stored about the speaker.
pub async fn run(s: &Services, actor: &Actor) -> Result<MyData> {
    let (db, account) = (&s.db.read, actor.account);
    let profile = profile(s, account).await?;
    let phone_masked = phone(s, account).await?.map(|phone| mask_phone(&phone));
    let cases = store::my::cases(db, account, false).await?;
    let groups = vec![
        group(&ACCOUNT, account_items(s, actor, &profile, phone_masked.clone()).await?),
        group(&DWELLING, home_items(s, actor, &profile).await?),
        group(&CASES, case_items(&cases)),
        group(&NUMBERS, number_items(s, &cases)?),
        group(&PHOTOS, photo_items(s, account).await?),
        group(&VOICES, voice_items(s, account).await?),
        group(&CONSENTS, consent_items(s, account).await?),
        group(&PRIVACY, privacy_items(privacy::show(s, actor).await?)),
        group(&SESSIONS, session_items(s, account).await?),
    ];
    Ok(MyData {
        name: profile.name,
        home: profile.home,
        phone_masked,
        groups,
        looks: store::my::count_looks(db, account).await?,
        obstacle: obstacle(actor, &cases).map(|(_, why)| why),
    })
}

/// Why a group is kept, and how long.
struct Heading {
    key: &'static str,
    title: &'static str,
    purpose: &'static str,
    kept: &'static str,
}

const ACCOUNT: Heading = Heading {
    key: "account",
    title: "账号",
    purpose: "识别您本人，办理诉求时与您联系",
    kept: "保存到您删除为止",
};
const DWELLING: Heading = Heading {
    key: "home",
    title: "住址",
    purpose: "地址没有写清时，帮助找到负责您家的网格",
    kept: "保存到您修改或删除为止",
};
const CASES: Heading = Heading {
    key: "cases",
    title: "诉求",
    purpose: "办理您反映的事情，并核对办理是否及时",
    kept: "内容保存到您删除为止；时间和结果作为工作记录长期保存，不含您的个人信息",
};
const NUMBERS: Heading = Heading {
    key: "numbers",
    title: "诉求里留的电话",
    purpose: "办理那件诉求时与您联系",
    kept: "保存到您在那件诉求里删除，或全部删除为止",
};
const PHOTOS: Heading = Heading {
    key: "photos",
    title: "照片",
    purpose: "说明您反映的情况",
    kept: "保存到您删除为止；上传后 7 天未用于诉求的自动删除",
};
const VOICES: Heading = Heading {
    key: "voices",
    title: "录音",
    purpose: "听您说明情况",
    kept: "保存到您删除为止；上传后 7 天未用于诉求的自动删除",
};
const CONSENTS: Heading = Heading {
    key: "consents",
    title: "微信通知",
    purpose: "按您的同意向您发送办理进展",
    kept: "用完或您取消为止",
};
const PRIVACY: Heading = Heading {
    key: "privacy",
    title: "隐私政策",
    purpose: "记录您已知情，什么时候同意了哪一版",
    kept: "长期保存；删除个人信息后不再对应到您",
};
const SESSIONS: Heading = Heading {
    key: "sessions",
    title: "登录状态",
    purpose: "保持登录，不必反复授权",
    kept: "到期自动失效",
};

fn group(of: &Heading, items: Vec<Item>) -> Group {
    let &Heading { key, title, purpose, kept } = of;
    Group { key, title, purpose, kept, items }
}

fn item(label: impl Into<String>, value: impl Into<String>) -> Item {
    Item { label: label.into(), value: value.into() }
}

const NOTHING: &str = "未填写";

/// Opens what a person says of himself.
pub(super) async fn profile(s: &Services, account: AccountId) -> Result<Profile> {
    let Some(row) = store::my::profile(&s.db.read, account).await? else {
        return Ok(Profile::default());
    };
    let open = |context: &str, sealed: Option<String>| {
        sealed.map(|sealed| s.vault.open(context, &sealed).map_err(Error::internal)).transpose()
    };
    Ok(Profile { name: open(NAME, row.name_sealed)?, home: open(HOME, row.home_sealed)? })
}

/// Opens the verified phone of an account. Fails with `unauthenticated` when it was erased just now.
pub(super) async fn phone(s: &Services, account: AccountId) -> Result<Option<String>> {
    let row = store::people::find_account(&s.db.read, account).await?;
    let row = row.ok_or_else(|| Error::new(Code::Unauthenticated, "登录已失效，请重新登录"))?;
    row.phone_sealed.map(|sealed| s.vault.open(PHONE, &sealed).map_err(Error::internal)).transpose()
}

async fn account_items(
    s: &Services,
    actor: &Actor,
    profile: &Profile,
    phone: Option<String>,
) -> Result<Vec<Item>> {
    let mut items = vec![
        item("称呼", profile.name.clone().unwrap_or_else(|| NOTHING.to_owned())),
        item("手机号", phone.unwrap_or_else(|| "没有登记".to_owned())),
    ];
    for identity in store::people::identities(&s.db.read, &[actor.account]).await? {
        let label = match identity.app {
            WechatApp::Mini => "微信小程序标识",
            WechatApp::Oa => "微信服务号标识",
            WechatApp::Wecom => "企业微信标识",
        };
        items.push(item(label, format!("{}绑定", spoken_date(identity.created_at))));
    }
    if let Some(staff) = crate::app::staff::view::of_account(s, actor.account).await? {
        items.push(item("工作身份", format!("{}（{}）", staff.name, staff.staff_no)));
    }
    Ok(items)
}

async fn home_items(s: &Services, actor: &Actor, profile: &Profile) -> Result<Vec<Item>> {
    let said = profile.home.clone().unwrap_or_else(|| NOTHING.to_owned());
    let mut items = vec![item("常用住址", said)];
    if let Some(grid) = home::find(s, actor).await? {
        let name = s.places.now().name(grid).map(|grid| grid.name.clone());
        items.push(item("网格员确认过的网格", name.unwrap_or_default()));
    }
    Ok(items)
}

fn case_items(cases: &[cases::Model]) -> Vec<Item> {
    let open = cases.iter().filter(|case| is_open(case)).count();
    let pieces = |many: usize| format!("{many} 件");
    let mut items = vec![
        item("全部", pieces(cases.len())),
        item("办理中", pieces(open)),
        item("已结束", pieces(cases.len() - open)),
    ];
    let positions = cases.iter().filter(|case| case.position_sealed.is_some()).count();
    items.push(item("带定位的", pieces(positions)));
    items
}

/// Which requests keep a number of their own, newest first.
fn number_items(s: &Services, cases: &[cases::Model]) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    for case in cases.iter().rev() {
        let Some(sealed) = &case.contact_phone_sealed else { continue };
        let phone = s.vault.open("cases.contact_phone", sealed).map_err(Error::internal)?;
        items.push(item(&case.number, mask_phone(&phone)));
    }
    Ok(items)
}

async fn photo_items(s: &Services, account: AccountId) -> Result<Vec<Item>> {
    let photos = store::my::photos(&s.db.read, account).await?;
    let bytes = photos.iter().map(|photo| photo.bytes).sum::<i64>();
    // A small photo is no photo of nothing.
    let size =
        if bytes == 0 { String::new() } else { format!("，共 {} KB", (bytes + 1023) / 1024) };
    let unused = photos.iter().filter(|photo| photo.case_id.is_none()).count();
    Ok(vec![
        item("全部", format!("{} 张{size}", photos.len())),
        item("未用于诉求", format!("{unused} 张")),
    ])
}

async fn voice_items(s: &Services, account: AccountId) -> Result<Vec<Item>> {
    let voices = store::voice::of_owner(&s.db.read, account).await?;
    let seconds = voices.iter().map(|voice| voice.millis).sum::<i64>() / 1_000;
    Ok(vec![item("全部", format!("{} 段，共 {seconds} 秒", voices.len()))])
}

async fn consent_items(s: &Services, account: AccountId) -> Result<Vec<Item>> {
    let consents = store::my::consents(&s.db.read, account).await?;
    let templates = &s.settings.templates;
    let line = |consent: entity::consent::Model| {
        item(template_zh(templates, &consent.template), format!("还可发送 {} 次", consent.credits))
    };
    Ok(consents.into_iter().map(line).collect())
}

/// Says what a subscribe message is about.
pub(super) fn template_zh(templates: &Templates, id: &str) -> &'static str {
    match id {
        id if id == templates.resident_acknowledged => "受理进度提醒",
        id if id == templates.resident_resolved => "办理结果提醒",
        id if id == templates.resident_question => "补充地址提醒",
        _ => "工单提醒",
    }
}

fn privacy_items(standing: Standing) -> Vec<Item> {
    let said = match (standing.agreed, standing.withdrawn_at) {
        (Some((version, at)), _) => format!("{}同意了第 {version} 版", spoken_date(at)),
        (None, Some(at)) => format!("{}收回了同意", spoken_date(at)),
        (None, None) => "还没有同意".to_owned(),
    };
    vec![item("您的同意", said), item("现行版本", format!("第 {} 版", standing.current))]
}

async fn session_items(s: &Services, account: AccountId) -> Result<Vec<Item>> {
    let sessions = store::my::sessions(&s.db.read, account, s.clock.now()).await?;
    let line = |session: store::my::Session| {
        let label = if session.kind == "console" { "网页控制台" } else { "微信小程序" };
        let (since, until) = (spoken_date(session.since), spoken_date(session.until));
        item(label, format!("{since}登录，{until}到期"))
    };
    Ok(sessions.into_iter().map(line).collect())
}

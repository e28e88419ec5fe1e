//! WeChat: can a token be had, and is every template named.

use super::Check;
use crate::gateway::wechat::AppKind;
use crate::services::Services;

/// Obtains a token of both accounts.
pub async fn tokens(s: &Services) -> Vec<Check> {
    let mut checks = Vec::new();
    for (name, section, kind) in
        [("小程序令牌", "mini", AppKind::Mini), ("服务号令牌", "oa", AppKind::Oa)]
    {
        checks.push(match s.wechat.prove(kind).await {
            Ok(()) => Check::good(name, "已取得"),
            Err(why) => Check::bad(
                name,
                why.to_string(),
                format!(
                    "核对 wechat.{section}.appid 与 secret，并把本机出口地址加入微信后台的 IP 白名单"
                ),
            ),
        });
    }
    checks
}

/// Looks whether every template has an id.
pub fn templates(s: &Services) -> Check {
    let ids = &s.settings.templates;
    let missing: Vec<&str> = [
        ("staff_case", &ids.staff_case),
        ("resident_acknowledged", &ids.resident_acknowledged),
        ("resident_resolved", &ids.resident_resolved),
        ("resident_question", &ids.resident_question),
    ]
    .into_iter()
    .filter(|(_, id)| id.is_empty())
    .map(|(name, _)| name)
    .collect();
    if missing.is_empty() {
        return Check::good("消息模板", "四个模板均已配置");
    }
    Check::bad(
        "消息模板",
        format!("缺少 {}", missing.join("、")),
        "在微信后台选用模板，把模板编号写入 [wechat.templates]",
    )
}

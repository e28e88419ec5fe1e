//! Providers: can a token be had, is every template named, are text messages on.

use std::time::Duration;

use super::Check;
use crate::domain::calendar::local_minute;
use crate::gateway::wechat::AppKind;
use crate::services::Services;
use crate::store;

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

/// Says whether text messages can be sent, and whom they alone would reach.
pub async fn text_messages(s: &Services) -> Check {
    let name = "短信";
    if !s.sms.is_on() {
        return Check::good(name, "未启用；微信联系不上的人不会收到短信");
    }
    match store::doctor::without_mobile(&s.db.read, s.clock.now()).await {
        Err(why) => Check::bad(name, why.to_string(), "检查数据库"),
        Ok(0) => Check::good(name, "已启用，每位责任人都有可用的手机号"),
        Ok(missing) => Check::warning(
            name,
            format!("已启用，{missing} 位责任人没有可用的手机号"),
            "请他们在小程序中验证手机号，或在新增人员时填写手机号",
        ),
    }
}

/// After so long without a ping the watcher has alarmed.
const SILENT: Duration = Duration::from_mins(5);

/// Says whether anybody outside would notice that the engine stopped.
pub async fn heartbeat(s: &Services) -> Check {
    let name = "心跳";
    if !s.heartbeat.is_on() {
        let cure = "在 engine.heartbeat_url 填写外部监测服务的地址，由它在心跳停止时报警";
        return Check::warning(name, "未配置；引擎停止时没有人会知道", cure);
    }
    match store::pulse::read(&s.db.read).await {
        Err(why) => Check::bad(name, why.to_string(), "检查数据库"),
        Ok(Some(pulse)) if s.clock.now().since(pulse.pinged_at) <= SILENT => {
            Check::good(name, format!("已配置，最近一次在 {}", local_minute(pulse.pinged_at)))
        }
        Ok(_silent) => Check::warning(
            name,
            "已配置，但五分钟内没有心跳",
            "启动引擎；若已启动，查看日志中 sweep 一行报告了什么",
        ),
    }
}

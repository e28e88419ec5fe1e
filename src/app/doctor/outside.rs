//! Providers: can a token be had, is every template named, are text messages on.

use std::time::Duration;

use entity::kinds::Channel;

use super::Check;
use crate::app::templates::{self, Fault, Look};
use crate::domain::calendar::local_minute;
use crate::domain::notice::Drift;
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

/// Compares our templates with the platform's lists, so that the checks after it count no channel
/// that would be refused.
pub async fn listed_templates(s: &Services) -> Vec<Check> {
    let looks = templates::check(s).await;
    looks.into_iter().map(|look| listed(s, &look)).collect()
}

fn listed(s: &Services, look: &Look) -> Check {
    let name = match look.channel {
        Channel::OaTemplate => "服务号模板比对",
        _ => "小程序模板比对",
    };
    let faults = match &look.faults {
        Err(why) => return Check::warning(name, why.clone(), "模板列表读取失败，稍后再试"),
        Ok(faults) if faults.is_empty() && !look.miscounted.is_empty() => {
            let found = format!("模板 {} 的订阅类型与配置不符", look.miscounted.join("、"));
            let cure = "长期订阅的模板编号写入 wechat.templates.long_term，一次性的不写";
            return Check::warning(name, found, cure);
        }
        Ok(faults) if faults.is_empty() => return Check::good(name, "字段与平台上的一致"),
        Ok(faults) => faults,
    };
    let told: Vec<String> = faults.iter().map(described).collect();
    let cure =
        "在微信后台按文档的字段重新选用模板，并把编号写入 [wechat.templates]；此前改用下一渠道";
    if look.is_well(s) {
        let cure = "如需给工作人员发订阅消息，请配置 wechat.templates.staff_case_mini";
        return Check::warning(name, told.join("；"), cure);
    }
    Check::bad(name, told.join("；"), cure)
}

fn described(fault: &Fault) -> String {
    let kinds: Vec<&str> = fault.kinds.iter().map(|kind| kind.zh()).collect();
    let what = match &fault.drift {
        Drift::Missing => "不存在".to_owned(),
        Drift::Changed { unknown, unfilled } => {
            format!("缺字段 {}，多字段 {}", unknown.join("、"), unfilled.join("、"))
        }
    };
    format!("模板 {} {what}（{}）", fault.template, kinds.join("、"))
}

/// Says whether a group robot was refused within a day.
pub async fn robots(s: &Services) -> Option<Check> {
    let robots = &s.settings.robots;
    let count = robots.street.len() + robots.grids.values().map(Vec::len).sum::<usize>();
    if count == 0 {
        return None;
    }
    let name = "群机器人";
    let since = s.clock.now() - crate::app::notice::robot::OFF;
    Some(match store::robot::off_since(&s.db.read, since).await {
        Err(why) => Check::bad(name, why.to_string(), "检查数据库"),
        Ok(off) if off.is_empty() => Check::good(name, format!("已配置 {count} 个")),
        Ok(off) => {
            let told = off
                .iter()
                .map(|one| format!("{}（错误码 {}）", one.name, one.off_code.unwrap_or_default()));
            let told: Vec<String> = told.collect();
            Check::bad(
                name,
                format!("{} 个被企业微信拒绝：{}", off.len(), told.join("、")),
                "在群里重新添加机器人，把新的 key 写入 [wecom.robot]；原 key 一天后自动再试",
            )
        }
    })
}

/// Says whether cards can be sent, and whose WeCom account ended while he is in office.
pub async fn wecom(s: &Services) -> Check {
    let name = "企业微信";
    if !s.wecom.sends() {
        return Check::good(name, "未启用应用消息");
    }
    match store::doctor::ended_members(&s.db.read, s.clock.now()).await {
        Err(why) => Check::bad(name, why.to_string(), "检查数据库"),
        Ok(ended) if ended.is_empty() => Check::good(name, "已启用，在岗人员的账号均可用"),
        Ok(ended) => Check::warning(
            name,
            format!("{} 名在岗人员的企业微信不可用（工号 {}）", ended.len(), ended.join("、")),
            "核对其是否离职：离职的请更新 staff.csv 与职责，误删的请在企业微信通讯录中恢复",
        ),
    }
}

/// Obtains a token of the application.
pub async fn wecom_token(s: &Services) -> Option<Check> {
    let name = "企业微信令牌";
    if !s.wecom.sends() {
        return None;
    }
    Some(match s.wecom.prove().await {
        Ok(()) => Check::good(name, "已取得"),
        Err(why) => Check::bad(
            name,
            why.to_string(),
            "核对 wecom.corpid、agentid 与 secret，并把本机出口地址加入应用的企业可信IP",
        ),
    })
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

/// Whoever followed meanwhile without a push is not joined yet.
const STALE: Duration = Duration::from_hours(2 * 24);

/// Says when all followers of the official account were last gone through.
pub async fn followers(s: &Services) -> Option<Check> {
    if !s.settings.notices.joins_followers {
        return None;
    }
    let name = "服务号关注者";
    let cure =
        "启动引擎，或用 zhinan followers 立即同步；若反复失败，核对服务号的接口权限与 IP 白名单";
    Some(match store::follower::last_run(&s.db.read).await {
        Err(why) => Check::bad(name, why.to_string(), "检查数据库"),
        Ok(Some(run))
            if run.finished_at.is_some() && s.clock.now().since(run.started_at) < STALE =>
        {
            let (when, looked, joined) = (local_minute(run.started_at), run.looked, run.joined);
            Check::good(name, format!("{when} 同步了 {looked} 人，新关联 {joined} 人"))
        }
        Ok(Some(run)) => {
            let when = local_minute(run.started_at);
            Check::warning(name, format!("最近一次同步始于 {when}，没有完成或已过时"), cure)
        }
        Ok(None) => Check::warning(name, "还没有同步过；先前关注的人收不到服务号消息", cure),
    })
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

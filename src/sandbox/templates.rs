//! The lists of templates as the two platforms show them, and what can go wrong with one.

use actix_web::web::{Data, Json};
use serde_json::{Value, json};

use super::refusal::{Answer, Refusal};
use super::world::{Sandbox, Template, World};

pub(super) async fn oa(sandbox: Data<Sandbox>) -> Answer {
    let rows = rows(&sandbox.world(), "oa", |template, content| {
        json!({ "template_id": template.id, "title": template.title, "primary_industry": "",
            "deputy_industry": "", "content": content, "example": "" })
    })?;
    Ok(Json(json!({ "template_list": rows })))
}

pub(super) async fn mini(sandbox: Data<Sandbox>) -> Answer {
    let rows = rows(&sandbox.world(), "mini", |template, content| {
        json!({ "priTmplId": template.id, "title": template.title, "content": content,
            "example": "", "type": if template.long_term { 3 } else { 2 } })
    })?;
    Ok(Json(json!({ "errcode": 0, "errmsg": "ok", "data": rows })))
}

/// Lists what was introduced for an account. A stand-in to which nobody introduced a template knows
/// none of them, and says that it may not tell rather than that there are none.
fn rows(
    world: &World,
    account: &str,
    row: impl Fn(&Template, String) -> Value,
) -> Result<Vec<Value>, Refusal> {
    if world.templates.is_empty() {
        return Err(Refusal::new(48001, "api unauthorized"));
    }
    let faults = &world.faults;
    let here = |template: &&Template| {
        template.account.as_deref().is_none_or(|of| of == account)
            && !faults.templates_gone.contains(&template.id)
    };
    let content = |template: &Template| {
        let changed = faults.templates_changed.contains(&template.id);
        let line = |(at, (key, label)): (usize, (&String, &String))| {
            let key = if changed && at == 0 { "thing99" } else { key.as_str() };
            format!("{label}:{{{{{key}.DATA}}}}\n")
        };
        template.labels.iter().enumerate().map(line).collect::<String>()
    };
    Ok(world.templates.values().filter(here).map(|one| row(one, content(one))).collect())
}

//! Everything of a person as one JSON document, to take away (PIPL article 45).

use entity::cases;
use serde_json::{Map, Value, json};

use super::{looks, privacy, show};
use crate::app::actor::Actor;
use crate::app::case::view::{self, CaseDetail};
use crate::domain::calendar::rfc3339;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;

/// How many looks are read at a time.
const PAGE: usize = 500;

/// Writes the document. Its keys never change their meaning; new ones may come.
pub async fn run(s: &Services, actor: &Actor) -> Result<Value> {
    let account = actor.account;
    let profile = show::profile(s, account).await?;
    let cases = store::my::cases(&s.db.read, account, false).await?;
    let mut written = Vec::with_capacity(cases.len());
    for case in &cases {
        written.push(one(s, case, view::detail(s, actor, case, &[]).await?)?);
    }
    Ok(json!({
        "made_at": rfc3339(s.clock.now()),
        "account": {
            "id": account, "name": profile.name, "home": profile.home,
            "phone": show::phone(s, account).await?,
            "wechat": identities(s, actor).await?,
        },
        "cases": written,
        "photos": photos(s, actor).await?,
        "voices": voices(s, actor).await?,
        "consents": consents(s, actor).await?,
        "privacy": agreement(s, actor).await?,
        "sessions": sessions(s, actor).await?,
        "looks": seen(s, actor).await?,
    }))
}

/// A case as its owner sees it, with what no page shows: the position he sent.
fn one(s: &Services, case: &cases::Model, detail: CaseDetail) -> Result<Value> {
    let mut written = serde_json::to_value(detail).map_err(Error::internal)?;
    let position = case.position_sealed.as_ref();
    let position = position.map(|sealed| s.vault.open("cases.position", sealed)).transpose();
    let position = position.map_err(Error::internal)?;
    let position = position.and_then(|text| serde_json::from_str::<Value>(&text).ok());
    if let Some(fields) = written.as_object_mut() {
        fields.insert("position".to_owned(), json!(position));
        // What he could do now says nothing about him.
        fields.remove("allowed");
    }
    Ok(written)
}

async fn identities(s: &Services, actor: &Actor) -> Result<Vec<Value>> {
    let rows = store::people::identities(&s.db.read, &[actor.account]).await?;
    let line = |row: entity::wechat_identity::Model| {
        json!({ "app": row.app, "openid": row.openid, "unionid": row.unionid,
            "since": rfc3339(row.created_at) })
    };
    Ok(rows.into_iter().map(line).collect())
}

async fn photos(s: &Services, actor: &Actor) -> Result<Vec<Value>> {
    let rows = store::my::photos(&s.db.read, actor.account).await?;
    let line = |row: entity::photo::Model| {
        json!({ "id": row.id, "case": row.case_id, "at": rfc3339(row.created_at),
            "bytes": row.bytes, "width": row.width, "height": row.height, "sha256": row.sha256,
            "read_from": format!("/api/v1/photos/{}", row.id) })
    };
    Ok(rows.into_iter().map(line).collect())
}

async fn voices(s: &Services, actor: &Actor) -> Result<Vec<Value>> {
    let rows = store::voice::of_owner(&s.db.read, actor.account).await?;
    let line = |row: entity::voice::Model| {
        json!({ "id": row.id, "case": row.case_id, "at": rfc3339(row.created_at),
            "bytes": row.bytes, "milliseconds": row.millis, "media_type": row.media_type,
            "sha256": row.sha256, "read_from": format!("/api/v1/voices/{}", row.id) })
    };
    Ok(rows.into_iter().map(line).collect())
}

async fn consents(s: &Services, actor: &Actor) -> Result<Vec<Value>> {
    let rows = store::my::consents(&s.db.read, actor.account).await?;
    let line = |row: entity::consent::Model| {
        json!({ "about": show::template_zh(&s.settings.templates, &row.template),
            "left": row.credits, "at": rfc3339(row.updated_at) })
    };
    Ok(rows.into_iter().map(line).collect())
}

async fn agreement(s: &Services, actor: &Actor) -> Result<Value> {
    let standing = privacy::show(s, actor).await?;
    let agreed =
        standing.agreed.map(|(version, at)| json!({ "version": version, "at": rfc3339(at) }));
    Ok(json!({ "agreed": agreed, "withdrawn_at": standing.withdrawn_at.map(rfc3339) }))
}

async fn sessions(s: &Services, actor: &Actor) -> Result<Vec<Value>> {
    let rows = store::my::sessions(&s.db.read, actor.account, s.clock.now()).await?;
    let line = |row: store::my::Session| json!({ "kind": row.kind, "since": rfc3339(row.since), "until": rfc3339(row.until) });
    Ok(rows.into_iter().map(line).collect())
}

async fn seen(s: &Services, actor: &Actor) -> Result<Vec<Value>> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let page = looks::run(s, actor, (before, PAGE)).await?;
        all.extend(page.looks.into_iter().map(|look| {
            let mut line = Map::new();
            line.insert("number".to_owned(), json!(look.number));
            line.insert("name".to_owned(), json!(look.name));
            line.insert("role".to_owned(), json!(look.role.zh()));
            line.insert("what".to_owned(), json!(look.what_zh));
            line.insert("purpose".to_owned(), json!(look.purpose_zh));
            line.insert("at".to_owned(), json!(rfc3339(look.at)));
            Value::Object(line)
        }));
        before = page.next;
        if before.is_none() {
            return Ok(all);
        }
    }
}

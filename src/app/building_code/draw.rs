//! Makes the code of a building, or returns the one that was made before.

use std::time::Duration;

use entity::building_code;
use entity::kinds::AccountId;
use sea_orm::ActiveValue::{NotSet, Set};

use crate::app::actor::Actor;
use crate::domain::scene::Scene;
use crate::error::{self, Error, Result};
use crate::gateway::wechat::{Class, CodeRequest, Failure};
use crate::services::Services;
use crate::store;

/// Pixels; sharp on paper up to the width of a hand.
const WIDTH: u32 = 1_280;
const AGAIN: Duration = Duration::from_secs(3);
const AGAIN_AFTER_QUOTA: Duration = Duration::from_mins(1);
const JPEG: &str = "image/jpeg";
const PNG: &str = "image/png";

/// A code that hangs, or may hang, at a door.
#[derive(Clone, Debug)]
pub struct Code {
    /// External id of the building.
    pub building: String,
    pub name: String,
    pub scene: String,
    /// WeChat drew it just now.
    pub fresh: bool,
}

/// Makes or returns the code of a building. Fails with `forbidden`, `not_found`,
/// `wxacode_refused` when an operator has to change something, or `wechat_unreachable`.
pub async fn run(s: &Services, actor: &Actor, external_id: &str) -> Result<Code> {
    super::require_admin(actor)?;
    let found = store::building_code::building(&s.db.read, external_id).await?;
    let (building, compound) = found.ok_or_else(|| Error::not_found("这栋楼"))?;
    let (row, fresh) = ensure(s, actor.account, &building.external_id).await?;
    let name = super::name(&compound, &building);
    Ok(Code { building: row.building, name, scene: row.scene, fresh })
}

/// Returns the code of a valid building with its image drawn and stored, and whether that
/// happened just now.
pub(super) async fn ensure(
    s: &Services,
    by: AccountId,
    building: &str,
) -> Result<(building_code::Model, bool)> {
    let known = store::building_code::find(&s.db.read, building).await?;
    let code = match known {
        Some(code) if code.object.is_some() => return Ok((code, false)),
        Some(code) => code,
        None => reserve(s, by, building).await?,
    };
    let image = s.wechat.unlimited_code(&request(s, &code.scene)).await;
    let image = image.map_err(|failure| refused(s, failure))?;
    let media_type = if image.starts_with(b"\x89PNG") { PNG } else { JPEG };
    // Named by the row: two that draw the same code at once store the same picture.
    let object = format!("building-code-{}", code.id);
    s.storage.put(&object, image).await?;
    let (id, name) = (code.id, object.clone());
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                store::building_code::set_drawn(tx, id, &name, media_type).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    let media_type = Some(media_type.to_owned());
    Ok((building_code::Model { object: Some(object), media_type, ..code }, true))
}

/// Keeps a scene for the building; of two who try at once both get the first one's.
async fn reserve(s: &Services, by: AccountId, building: &str) -> Result<building_code::Model> {
    let row = building_code::ActiveModel {
        id: NotSet,
        scene: Set(Scene::new(s.random()).as_str().to_owned()),
        building: Set(building.to_owned()),
        object: Set(None),
        media_type: Set(None),
        created_by: Set(by),
        created_at: Set(s.clock.now()),
    };
    let building = building.to_owned();
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                store::building_code::insert(tx, row).await?;
                let code = store::building_code::find(tx, &building).await?;
                code.ok_or_else(|| Error::internal("a code that was just kept is not there"))
            })
        })
        .await
}

fn request(s: &Services, scene: &str) -> CodeRequest {
    let codes = &s.settings.codes;
    CodeRequest {
        scene: scene.to_owned(),
        page: codes.page.clone(),
        // Only the released edition's pages can be checked.
        check_path: codes.env_version == "release",
        env_version: codes.env_version.clone(),
        width: WIDTH,
    }
}

/// Translates WeChat's refusal into what the administrator can do about it.
fn refused(s: &Services, failure: Failure) -> Error {
    let unreachable = |wait| {
        let detail = "暂时连不上微信，请稍后再试";
        Error::new(error::Code::WechatUnreachable, detail).retry_after(wait)
    };
    let refused = |detail: String| Error::new(error::Code::WxacodeRefused, detail);
    let error = match (failure.class, failure.errcode) {
        (Class::RateLimited, _) => unreachable(AGAIN_AFTER_QUOTA),
        (Class::Retry | Class::RefreshToken, _) => unreachable(AGAIN),
        (_, Some(41030)) => refused(format!(
            "小程序的正式版中没有页面 {}：请先发布小程序，或修改配置 codes.page、codes.env_version",
            s.settings.codes.page
        )),
        (_, Some(code)) => refused(format!(
            "微信返回错误码 {code}：请检查小程序的 appid、secret、IP 白名单与 codes 配置"
        )),
        (_, None) => refused("微信没有接受请求，请检查 wechat 配置".to_owned()),
    };
    error.caused_by(failure)
}

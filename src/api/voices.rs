//! Uploading and playing recordings.

use actix_web::http::header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, RANGE};
use actix_web::web::{self, Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use entity::kinds::VoiceId;

use super::extract::Who;
use super::photos;
use super::problem::{Problem, ProblemBody};
use crate::app::limit;
use crate::app::voice::{self, VoiceView};
use crate::error::{Code, Error};
use crate::services::Services;

/// Registers both.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let none = || web::to(super::openapi::no_route);
    cfg.service(
        web::resource("/api/v1/voices").route(web::post().to(upload_voice)).default_service(none()),
    );
    cfg.service(
        web::resource("/api/v1/voices/{id}")
            .route(web::get().to(play_voice))
            .default_service(none()),
    );
}

/// Uploads one recording (mp3, aac, m4a, wav): as the field `file` of a form, or as the body itself.
#[utoipa::path(post, path = "/api/v1/voices", tag = "voices", security(("bearer" = [])),
    request_body(content = Vec<u8>, content_type = "multipart/form-data"),
    responses((status = 201, body = VoiceView), (status = 401, body = ProblemBody), (status = 413, body = ProblemBody),
        (status = 422, description = "unsupported_voice", body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn upload_voice(
    Who(who): Who,
    request: HttpRequest,
    payload: Payload,
    s: Data<Services>,
) -> Result<HttpResponse, Problem> {
    limit::admit(&s, &s.settings.limits.upload, &who.account.to_string()).await?;
    let bytes = photos::received(&request, payload, s.settings.voice_max_bytes, "录音").await?;
    Ok(HttpResponse::Created().json(voice::store(&s, &who, bytes).await?))
}

/// Plays a recording, whole or the range that is asked for.
#[utoipa::path(get, path = "/api/v1/voices/{id}", tag = "voices", params(("id" = i64, Path), ("Range" = Option<String>, Header)),
    security(("bearer" = [])),
    responses((status = 200, content_type = "audio/mpeg"), (status = 206, content_type = "audio/mpeg"), (status = 401, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 416, body = ProblemBody)))]
async fn play_voice(
    Who(who): Who,
    id: Path<VoiceId>,
    request: HttpRequest,
    s: Data<Services>,
) -> Result<HttpResponse, Problem> {
    let (media_type, bytes) = voice::read(&s, &who, *id).await?;
    let asked = request.headers().get(RANGE).and_then(|value| value.to_str().ok());
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(media_type)
        .insert_header((ACCEPT_RANGES, "bytes"))
        .insert_header((CACHE_CONTROL, "private, max-age=86400"))
        .insert_header(("x-content-type-options", "nosniff"));
    let part = match asked.map_or(Part::Whole, |asked| part(asked, bytes.len())) {
        Part::Whole => return Ok(answer.body(bytes)),
        Part::From(first, last) => bytes.get(first..=last).map(|part| (first, last, part.to_vec())),
        Part::Beyond => None,
    };
    let (first, last, part) =
        part.ok_or_else(|| Error::new(Code::RangeNotSatisfiable, "录音没有这么长"))?;
    let place = format!("bytes {first}-{last}/{}", bytes.len());
    answer.status(actix_web::http::StatusCode::PARTIAL_CONTENT);
    Ok(answer.insert_header((CONTENT_RANGE, place)).body(part))
}

/// Which bytes are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Whole,
    /// First and last byte.
    From(usize, usize),
    Beyond,
}

/// Reads a `Range` (RFC 9110 §14.2). Several ranges, and what is none, are answered with the whole,
/// as the RFC allows.
fn part(asked: &str, length: usize) -> Part {
    let range = asked.strip_prefix("bytes=").and_then(|range| range.split_once('-'));
    let Some((first, last)) = range else { return Part::Whole };
    match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), _) if first >= length => Part::Beyond,
        (Ok(first), Ok(last)) if last >= first => Part::From(first, last.min(length - 1)),
        (Ok(first), Err(_)) if last.is_empty() => Part::From(first, length - 1),
        (Err(_), Ok(0)) if first.is_empty() => Part::Beyond,
        (Err(_), Ok(tail)) if first.is_empty() && length > 0 => {
            Part::From(length.saturating_sub(tail), length - 1)
        }
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_the_rfc_has_it() {
        for (asked, want) in [
            ("bytes=0-", Part::From(0, 99)),
            ("bytes=0-0", Part::From(0, 0)),
            ("bytes=10-19", Part::From(10, 19)),
            ("bytes=90-500", Part::From(90, 99)),
            ("bytes=-10", Part::From(90, 99)),
            ("bytes=-500", Part::From(0, 99)),
            ("bytes=100-", Part::Beyond),
            ("bytes=-0", Part::Beyond),
            ("bytes=9-3", Part::Whole),
            ("bytes=0-1,4-5", Part::Whole),
            ("pages=1-2", Part::Whole),
            ("bytes=", Part::Whole),
        ] {
            assert_eq!(part(asked, 100), want, "{asked}");
        }
        assert_eq!((part("bytes=-5", 0), part("bytes=0-", 0)), (Part::Whole, Part::Beyond));
    }
}

//! The templates of an account, as the platform lists them now.

use serde::Deserialize;
use serde_json::Value;

use super::failure::{Endpoint, Failure};
use super::tolerant::as_integer;
use super::{AppKind, Wechat};

/// One template of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedTemplate {
    /// The id that sends name.
    pub id: String,
    /// The text of the card with its places, such as `事项：{{thing2.DATA}}`.
    pub content: String,
    /// The mini-program's number of its kind: 2 one-time, 3 long-term; `None` where none is told.
    pub kind: Option<i64>,
}

#[derive(Deserialize)]
struct OaAnswer {
    /// Empty, not absent, where there is none: an answer without it says nothing.
    template_list: Vec<OaRow>,
}

#[derive(Deserialize)]
struct OaRow {
    #[serde(default)]
    template_id: String,
    #[serde(default)]
    content: String,
}

#[derive(Deserialize)]
struct MiniAnswer {
    /// The same.
    data: Vec<MiniRow>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MiniRow {
    #[serde(default)]
    pri_tmpl_id: String,
    #[serde(default)]
    content: String,
    #[serde(rename = "type", default)]
    kind: Value,
}

impl Wechat {
    /// Lists the templates of an account; there are 25 at most, in one answer.
    pub async fn templates(&self, kind: AppKind) -> Result<Vec<ListedTemplate>, Failure> {
        let listed = |id, content, kind| ListedTemplate { id, content, kind };
        Ok(match kind {
            AppKind::Oa => {
                let answer: OaAnswer = self.get(kind, Endpoint::OaTemplates, &[]).await?;
                let rows = answer.template_list.into_iter();
                rows.map(|row| listed(row.template_id, row.content, None)).collect()
            }
            AppKind::Mini => {
                let answer: MiniAnswer = self.get(kind, Endpoint::MiniTemplates, &[]).await?;
                let rows = answer.data.into_iter();
                rows.map(|row| listed(row.pri_tmpl_id, row.content, as_integer(&row.kind)))
                    .collect()
            }
        })
    }
}

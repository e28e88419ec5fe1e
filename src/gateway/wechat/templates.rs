//! The templates of an account, as the platform lists them now.

use serde::Deserialize;
use serde_json::Value;

use super::failure::{Endpoint, Failure};
use super::tolerant::{self, as_integer};
use super::{AppKind, Wechat};

/// One template of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedTemplate {
    /// The id that sends name.
    pub id: String,
    /// The text of the card with its places, such as `事项：{{thing2.DATA}}`; empty where it cannot be read.
    pub content: String,
    /// The mini-program's number of its kind: 2 one-time, 3 long-term; `None` where none is told.
    pub kind: Option<i64>,
}

#[derive(Deserialize)]
struct OaAnswer {
    /// Empty, not absent, where there is none: an answer without it says nothing.
    #[serde(deserialize_with = "tolerant::rows")]
    template_list: Vec<OaRow>,
}

#[derive(Deserialize)]
struct OaRow {
    #[serde(default, deserialize_with = "tolerant::text")]
    template_id: String,
    #[serde(default, deserialize_with = "tolerant::text")]
    content: String,
}

#[derive(Deserialize)]
struct MiniAnswer {
    /// The same.
    #[serde(deserialize_with = "tolerant::rows")]
    data: Vec<MiniRow>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MiniRow {
    #[serde(default, deserialize_with = "tolerant::text")]
    pri_tmpl_id: String,
    #[serde(default, deserialize_with = "tolerant::text")]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_null_in_one_row_loses_no_other_and_an_answer_without_a_list_says_nothing() {
        let oa = r#"{"template_list":[{"template_id":"T","content":"a"},null,
            {"template_id":null,"content":null}]}"#;
        let rows = serde_json::from_str::<OaAnswer>(oa).unwrap().template_list;
        let read: Vec<_> = rows.iter().map(|row| (&*row.template_id, &*row.content)).collect();
        assert_eq!(read, [("T", "a"), ("", "")]);
        let mini = r#"{"data":[{"priTmplId":null,"content":null,"type":null},
            {"priTmplId":"U","content":"b","type":3}]}"#;
        let rows = serde_json::from_str::<MiniAnswer>(mini).unwrap().data;
        let read: Vec<_> = rows.iter().map(|row| (&*row.pri_tmpl_id, &*row.content)).collect();
        assert_eq!(read, [("", ""), ("U", "b")]);
        assert!(serde_json::from_str::<OaAnswer>(r#"{"errcode":0}"#).is_err());
        assert!(serde_json::from_str::<MiniAnswer>(r#"{"data":null}"#).is_err());
    }
}

//! Puts a day's checkpoint on paper: whoever has the report has a copy outside the house.

use entity::ledger_checkpoint;
use qrcodegen::{QrCode, QrCodeEcc};

use crate::domain::audit::report::Proof;
use crate::domain::paper::Matrix;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::checkpoint;

/// Returns the checkpoint of a day in words and as a code; `None` while the day is not sealed. Fails
/// when the database does.
pub async fn run(s: &Services, day: &str) -> Result<Option<Proof>> {
    let row = checkpoint::between(&s.db.read, (day, day), 1).await?.pop();
    row.map(|row| proof(&row)).transpose()
}

fn proof(row: &ledger_checkpoint::Model) -> Result<Proof> {
    let code = QrCode::encode_text(&text(row), QrCodeEcc::Medium).map_err(Error::internal)?;
    let side = 0..code.size();
    let line = |y| side.clone().map(|x| code.get_module(x, y)).collect();
    let short = |hex: &str| hex.get(..16).unwrap_or(hex).to_owned();
    let lines = vec![
        format!("账本检查点 {}", row.day),
        format!("封存 {} 条记录", row.count),
        format!("根 {}…", short(&row.root)),
        format!("签名 {}…", short(&row.signature)),
        "扫码可得全文，供核验账本".to_owned(),
    ];
    Ok(Proof { lines, matrix: Matrix(side.clone().map(line).collect()) })
}

/// What the code says: what is signed and the signature, in the letters that a code holds best.
fn text(row: &ledger_checkpoint::Model) -> String {
    let parts = [&row.day, &row.count.to_string(), &row.root, &row.prev, &row.signature];
    let all = parts.map(String::as_str).join(":");
    format!("ZHINAN:CHECKPOINT-1:{}", all.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_holds_everything_that_is_signed_in_the_letters_it_holds_best() {
        let row = ledger_checkpoint::Model {
            day: "2026-11-23".into(),
            count: 2,
            root: "ab".repeat(32),
            prev: "cd".repeat(32),
            signature: "ef".repeat(64),
            next_event: 0,
            created_at: entity::kinds::Timestamp(0),
        };
        let said = text(&row);
        let [root, prev, signature] = ["AB".repeat(32), "CD".repeat(32), "EF".repeat(64)];
        assert_eq!(said, format!("ZHINAN:CHECKPOINT-1:2026-11-23:2:{root}:{prev}:{signature}"));
        assert!(qrcodegen::QrSegment::is_alphanumeric(&said), "eleven bits for two letters");
        let proof = proof(&row).unwrap();
        let side = proof.matrix.0.len();
        assert!(proof.matrix.0.iter().all(|row| row.len() == side) && side <= 81, "{side}");
        assert!(proof.matrix.0[0][..7].iter().all(|dark| *dark), "the corner that phones look for");
    }
}

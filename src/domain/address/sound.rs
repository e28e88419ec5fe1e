//! What every answer is like, whatever was written.

use std::sync::LazyLock;

use entity::kinds::Datum;
use proptest::prelude::*;

use super::*;
use crate::demo::{SEED, street};

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::build(&street::generate(SEED).gazetteer));

/// Letters and words of addresses, so that chance meets the names and the grammar.
const WORDS: &[&str] = &[
    "阳光花园",
    "中山路",
    "中和社区",
    "第二网格",
    "3号楼",
    "2单元",
    "501",
    "十二",
    "①",
    "号",
    "-",
    "、",
    "和",
    "对面",
    "不是",
    "往东50米",
    "路北",
    "交叉口",
    "附",
    "组",
    "村",
    "隔壁",
    "🙏",
    "\u{200b}",
    "\n",
    "１",
    "甲",
    "楼",
    "＃",
    "幺",
    "百",
    "东",
    "单元",
    "南城街道",
    "西城",
    "×",
    "拐",
    "曹州路",
    "长江路",
    "茶棚巷",
    "东南角",
    "超市",
    "口",
];

fn row() -> impl Strategy<Value = String> {
    let word = proptest::sample::select(WORDS).prop_map(str::to_owned);
    let piece = prop_oneof![8 => word, 1 => any::<char>().prop_map(String::from)];
    proptest::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn position() -> impl Strategy<Value = Option<Position>> {
    let datum = proptest::sample::select(&[Datum::Gcj02, Datum::Wgs84, Datum::Bd09][..]);
    let odd = prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(-1.0), 0.0..2_000.0];
    let at = (115.3..115.6, 35.1..35.4, odd, datum);
    proptest::option::of(at.prop_map(|(lon, lat, accuracy_m, datum)| Position {
        lon,
        lat,
        accuracy_m,
        datum,
    }))
}

/// Checks what must hold of every answer.
fn sound(text: &str, position: Option<Position>) -> Result<(), TestCaseError> {
    let said = INDEX.resolve(&Query { text, position, ..Query::default() });
    let length = text.chars().count();
    for span in &said.spans {
        prop_assert!(span.start < span.end && span.end <= length, "{span:?} of {length}");
    }
    prop_assert!((0.0..=1.0).contains(&said.confidence), "{}", said.confidence);
    prop_assert!(said.candidates.len() <= 5);
    let bad = said.candidates.iter().find(|c| !(0.0..=1.0).contains(&c.p));
    prop_assert!(bad.is_none(), "{bad:?}");
    prop_assert!(said.action != Action::Route || said.grid.is_some());
    prop_assert!(said.action != Action::RouteLarge || said.community.is_some());
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_have_a_sound_answer(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        sound(&String::from_utf8_lossy(&bytes), None)?;
    }

    #[test]
    fn any_text_has_a_sound_answer(text in any::<String>(), position in position()) {
        sound(&text, position)?;
    }

    #[test]
    fn any_row_of_address_words_has_a_sound_answer(text in row(), position in position()) {
        sound(&text, position)?;
    }
}

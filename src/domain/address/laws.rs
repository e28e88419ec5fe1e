//! Laws that hold for every text and every address, and what the data files promise.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::fold::Text;
use super::{Action, Index, Query, sounds};
use crate::demo::{SEED, street};
use crate::domain::gazetteer::{Building, Gazetteer};

static STREET: LazyLock<(Gazetteer, Index)> = LazyLock::new(|| {
    let places = street::generate(SEED).gazetteer;
    let index = Index::build(&places);
    (places, index)
});

/// Story words that name no place; the neighbour's noise, not his address.
const BEFORE: &[&str] =
    &["你好，", "麻烦问一下，", "家里老人急得不行，", "都说了三回了，", "师傅快来，", ""];
const BEHIND: &[&str] = &[
    "停水了",
    "，楼道灯不亮，天天这样",
    "漏水漏到楼下去了",
    "，电梯又困人了！！！",
    "，啥时候能修好",
    "",
];

fn address(places: &Gazetteer, b: &Building) -> String {
    let compound = places.compounds.iter().find(|c| c.external_id == b.compound);
    let name = compound.map_or("", |c| c.name.as_str());
    let road = compound.map_or("", |c| c.address.as_str());
    format!("{road}{name}{}{}号楼", b.section, b.no)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn folding_keeps_the_way_back(text in any::<String>()) {
        let folded = Text::new(&text);
        let len = text.chars().count();
        let mut last = 0;
        for i in 0..folded.len() {
            let (start, end) = folded.original(i, i + 1);
            prop_assert!(last <= start && start < end && end <= len, "{i}: {start}..{end} of {len}");
            last = start;
        }
        prop_assert_eq!(folded.voices().len(), folded.len());
    }

    #[test]
    fn a_number_is_never_corrected(at in 0_usize..1_000, other in 1_u32..99) {
        let (places, index) = &*STREET;
        let building = &places.buildings[at % places.buildings.len()];
        let asked = Building { no: other.to_string(), ..building.clone() };
        let text = address(places, &asked);
        let found = index.resolve(&Query { text: &text, ..Query::default() });
        let read = found.place.and_then(|p| p.building);
        prop_assert_eq!(read, Some(other.to_string()), "{}: {}", text, found.reason);
        let own: Vec<&Building> = places
            .buildings
            .iter()
            .filter(|b| b.compound == asked.compound && b.section == asked.section)
            .collect();
        // A number that does not exist may only follow a compound that lies in one grid.
        let there = own.iter().any(|b| b.no == asked.no);
        let one_grid = own.iter().all(|b| b.grid == building.grid);
        prop_assert!(there || one_grid || found.action != Action::Route, "{}: {}", text, found.reason);
    }

    #[test]
    fn a_story_without_places_changes_no_grid(
        at in 0_usize..10_000, before in 0..BEFORE.len(), behind in 0..BEHIND.len()
    ) {
        let (places, index) = &*STREET;
        let clean = address(places, &places.buildings[at % places.buildings.len()]);
        let told = format!("{}{clean}{}", BEFORE[before], BEHIND[behind]);
        let one = index.resolve(&Query { text: &clean, ..Query::default() });
        let two = index.resolve(&Query { text: &told, ..Query::default() });
        prop_assert_eq!((one.action, one.grid), (two.action, two.grid), "{}: {}", told, two.reason);
    }

    #[test]
    fn the_same_words_in_another_script_mean_the_same(at in 0_usize..10_000) {
        let (places, index) = &*STREET;
        let clean = address(places, &places.buildings[at % places.buildings.len()]);
        let wide: String = clean
            .chars()
            .map(|c| match c {
                '0'..='9' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
                '号' => '號',
                '楼' => '樓',
                '园' => '園',
                '东' => '東',
                _ => c,
            })
            .collect();
        let one = index.resolve(&Query { text: &clean, ..Query::default() });
        let two = index.resolve(&Query { text: &wide, ..Query::default() });
        prop_assert_eq!((one.action, one.grid), (two.action, two.grid), "{}", wide);
    }
}

#[test]
fn characters_sound_as_the_table_says() {
    for (a, b) in [('双', '霜'), ('园', '圆'), ('单', '丹'), ('郭', '国'), ('楼', '搂')] {
        let (one, two) = (sounds::of(a), sounds::of(b));
        assert!(one.sounds[0] != 0 && one.sounds[0] == two.sounds[0], "{a} and {b}");
    }
    for (a, b) in [('黄', '王'), ('张', '脏'), ('南', '兰'), ('京', '金')] {
        let (one, two) = (sounds::of(a), sounds::of(b));
        assert_ne!(one.sounds[0], two.sounds[0], "{a} and {b}");
        assert_eq!(one.families[0], two.families[0], "{a} and {b}");
    }
    assert!(sounds::of('行').sounds[1] != 0, "行 has two readings");
}

#[test]
fn characters_look_as_the_table_says() {
    for (a, b) in [('曹', '槽'), ('幢', '撞'), ('场', '汤'), ('末', '未')] {
        assert!(sounds::alike(a, b) && sounds::alike(b, a), "{a} and {b}");
    }
    assert!(!sounds::alike('东', '西'));
    for (old, new) in [('園', '园'), ('陽', '阳'), ('號', '号'), ('園', '园')] {
        assert_eq!(sounds::simple(old), new);
    }
}

#[test]
fn pinyin_is_read_as_syllables_and_other_letters_are_left_alone() {
    let cuts = sounds::spelled("Caozhou").expect("pinyin");
    assert_eq!(cuts.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 3]);
    assert!(sounds::spelled("wifi").is_none_or(|cuts| cuts.len() >= 2));
    assert!(sounds::spelled("KTV").is_none());
}

#[test]
fn other_towns_are_told_from_the_own_by_the_street_code() {
    let words = super::divisions::words("371702003");
    let own = |name: &str| words.iter().find(|(word, _)| word == name).map(|(_, own)| *own);
    assert_eq!(own("山东省"), Some(true));
    assert_eq!(own("牡丹区"), Some(true));
    assert_eq!(own("曹县"), Some(false));
    assert_eq!(own("上海"), Some(false));
    assert_eq!(own("东区"), None, "a section of a compound");
}

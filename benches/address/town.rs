//! Places and messages of the run.

use std::path::{Path, PathBuf};

use zhinan::app::batch::{Question, read_questions};
use zhinan::app::import::{read, read_city};
use zhinan::demo::{SEED, street};
use zhinan::domain::address::coverage;
use zhinan::domain::gazetteer::{Building, Compound, Gazetteer, GridRef, Point};

/// What is measured.
pub struct Town {
    pub street: Gazetteer,
    /// The street and further ones, ten million dwellings.
    pub city: Gazetteer,
    pub messages: Vec<Question>,
}

impl Town {
    pub fn load() -> Self {
        let given = |name| std::env::var_os(name).map(PathBuf::from);
        let (street, city) = match given("ZHINAN_GAZETTEER") {
            Some(dir) => delivered(&dir),
            None => invented(),
        };
        let messages = match given("ZHINAN_MESSAGES") {
            Some(file) => std::fs::read_to_string(file).expect("the messages can be read"),
            None => told(),
        };
        let messages = read_questions(&messages).expect("questions, one per line");
        Self { street, city, messages }
    }
}

fn delivered(dir: &Path) -> (Gazetteer, Gazetteer) {
    let street = read::gazetteer(dir).expect("a sound folder");
    let mut city = street.clone();
    if dir.join("extra_compounds.csv").exists() {
        read_city::add(&mut city, dir).expect("sound files of further streets");
    } else {
        grow(&mut city);
    }
    (street, city)
}

fn invented() -> (Gazetteer, Gazetteer) {
    let street = street::generate(SEED).gazetteer;
    let mut city = street.clone();
    grow(&mut city);
    (street, city)
}

/// Adds 160 streets of 65 compounds with 22 buildings each, in the grids that are there.
fn grow(city: &mut Gazetteer) {
    let heads: Vec<char> =
        "金玉翠碧紫锦瑞祥福康安泰和顺景秀云霞星月江湖山水林竹梅兰菊荷".chars().collect();
    let tails = ["花园", "家园", "雅苑", "新城", "嘉园", "华庭", "名邸", "小区", "公馆", "豪庭"];
    let grids = city.grids.len().max(1);
    let letter = |at: usize| heads.iter().cycle().nth(at).copied().unwrap_or('金');
    for n in 0..160 * 65_usize {
        let tail = tails.iter().cycle().nth(n / 900).copied().unwrap_or_default();
        let external_id = format!("X{n}");
        let grid = GridRef(u16::try_from(n % grids).unwrap_or(0));
        city.compounds.push(Compound {
            external_id: external_id.clone(),
            name: format!("{}{}{tail}", letter(n % 30), letter(n / 30 % 30)),
            aliases: Vec::new(),
            sections: Vec::new(),
            kind: String::new(),
            grids: vec![grid],
            address: String::new(),
        });
        city.buildings.extend((1..=22).map(|no| Building {
            external_id: format!("{external_id}B{no}"),
            compound: external_id.clone(),
            section: String::new(),
            no: no.to_string(),
            label: format!("{no}号楼"),
            units: 2,
            floors: 11,
            per_floor: 2,
            at: Point { lon: 115.4, lat: 35.2 },
            grid,
        }));
    }
}

/// Tells a trouble at every 64th home of the demo street.
fn told() -> String {
    let troubles = ["停水了", "的路灯坏了三天了", "暖气不热", "有人乱停车，麻烦来看看"];
    let homes = street::generate(SEED).households;
    let lines = homes.iter().step_by(64).zip(troubles.iter().cycle()).map(|(home, trouble)| {
        let text = format!("您好，我家住{}，{trouble}，急", home.address);
        serde_json::json!({"id": home.external_id, "text": text, "gps": null}).to_string()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Lists the addresses that a search engine would hold.
pub fn documents(places: &Gazetteer) -> Vec<String> {
    coverage::addresses(places).map(|(address, _)| address).collect()
}

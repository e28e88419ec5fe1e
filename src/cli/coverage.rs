//! `zhinan doctor --coverage`: whether every address of the street finds its own grid.

use super::{CommandError, import};
use crate::app::coverage::{self, Report};
use crate::boot;
use crate::clock::Clock;
use crate::config::Config;

/// How many addresses are worth reading on a terminal.
const SHOWN: usize = 50;

/// Proves and prints, as JSON everything; fails when an address does not find its grid.
pub async fn run(config: &Config, json: bool) -> Result<(), CommandError> {
    let s = boot::services(config, Clock::System).await?;
    let proof = coverage::run(&s).await;
    import::close(&s).await?;
    let report = proof?;
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", describe(&report));
    }
    match report.strays.len() {
        0 => Ok(()),
        strays => Err(format!("{strays} 个地址不能确定网格").into()),
    }
}

fn describe(report: &Report) -> String {
    let checked: Vec<_> =
        report.checked.iter().map(|(kind, places)| format!("{} {places}", kind.zh())).collect();
    let mut lines = vec![format!("已检查：{}", checked.join("、"))];
    lines.push(format!("多个网格共用的地址 {} 个（只能询问）", report.shared.len()));
    for one in report.shared.iter().take(SHOWN) {
        lines.push(format!("  {}：{}", one.address, one.grids.join("、")));
    }
    lines.push(format!("不能确定网格的地址 {} 个", report.strays.len()));
    for stray in report.strays.iter().take(SHOWN) {
        let said = match stray.action {
            "route" => "派给",
            "ask" => "询问",
            "route_large" => "只到社区",
            _ => "未受理",
        };
        lines.push(format!(
            "  ✗ {} {}：应属 {}，却{said} {}",
            stray.kind.zh(),
            stray.address,
            stray.expected.join("、"),
            stray.got.join("、")
        ));
    }
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::coverage::{Shared, Stray};
    use crate::domain::address::coverage::PlaceKind;

    #[test]
    fn the_report_names_what_was_checked_what_is_shared_and_what_strays() {
        let grids = || vec!["G1".to_owned(), "G2".to_owned()];
        let text = describe(&Report {
            checked: vec![(PlaceKind::Household, 3), (PlaceKind::Building, 2)],
            shared: vec![Shared {
                address: "供销社家属院1号楼".to_owned(), grids: grids()
            }],
            strays: vec![Stray {
                kind: PlaceKind::Building,
                address: "东苑1号楼".to_owned(),
                expected: vec!["G1".to_owned()],
                action: "ask",
                got: grids(),
            }],
        });
        assert_eq!(
            text,
            "已检查：户 3、楼栋 2\n多个网格共用的地址 1 个（只能询问）\n  供销社家属院1号楼：G1、G2\n\
             不能确定网格的地址 1 个\n  ✗ 楼栋 东苑1号楼：应属 G1，却询问 G1、G2\n"
        );
    }
}

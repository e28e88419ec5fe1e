//! What the street keeps about a person, in his own hands: to see, to correct, to take away, to
//! erase (PIPL articles 44 to 47).

pub mod correct;
pub mod erase;
pub mod export;
pub mod files;
pub mod looks;
pub mod privacy;
pub mod show;

use entity::cases;
use entity::kinds::CaseState;

use crate::app::actor::Actor;

/// The column contexts under which a profile is sealed.
const NAME: &str = "profile.name";
const HOME: &str = "profile.home";

/// What must be written to erase everything.
pub const CONFIRM: &str = "删除";

/// How many numbers of open cases a sentence names.
const NAMED: usize = 3;

fn is_open(case: &cases::Model) -> bool {
    !matches!(
        case.state,
        CaseState::Closed | CaseState::Rejected | CaseState::Merged | CaseState::Cancelled
    )
}

/// Says why a person cannot erase his data now, as a word and a sentence; `None`: he can.
fn obstacle(actor: &Actor, cases: &[cases::Model]) -> Option<(&'static str, String)> {
    if actor.console || actor.staff.is_some() {
        let why = "您是在岗工作人员，账号用于接收工单，不能自行删除。请先由街道系统管理员解除绑定";
        return Some(("staff", why.to_owned()));
    }
    let open: Vec<&str> =
        cases.iter().filter(|case| is_open(case)).map(|case| case.number.as_str()).collect();
    if open.is_empty() {
        return None;
    }
    let named: Vec<&str> = open.iter().take(NAMED).copied().collect();
    let etc = if open.len() > NAMED { "等" } else { "" };
    let why = format!(
        "您还有 {} 件诉求正在办理（{}{etc}），删除后将无法与您联系。请等办结后再删除，或先撤回诉求",
        open.len(),
        named.join("、")
    );
    Some(("case_open", why))
}

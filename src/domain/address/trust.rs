//! How far a reading can be trusted, and when that is enough to send without asking.

use serde::{Deserialize, Serialize};

use super::mention::{Mention, Rank};

/// What errors cost, in questions: the office may weigh them otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Costs {
    /// Asking the resident once more.
    pub ask: f64,
    /// Sending to a grid that is not responsible.
    pub wrong: f64,
}

impl Default for Costs {
    /// A needless question costs ten seconds, a wrong route hours.
    fn default() -> Self {
        Self { ask: 1.0, wrong: 10.0 }
    }
}

impl Costs {
    /// Returns whether sending costs less than asking.
    pub(super) fn allow(self, p: f64) -> bool {
        (1.0 - p) * self.wrong < self.ask
    }
}

/// Returns how often a reading like this is right, 0 to 1, when it leaves one grid: by how exact
/// the place is and how far its spelling is from the name.
pub(super) fn trust(found: &Mention) -> f64 {
    let exact: f64 = match found.rank {
        Rank::Grid | Rank::Building | Rank::Door | Rank::Gate | Rank::VillageGroup => 0.997,
        Rank::Poi | Rank::Shop | Rank::Crossing | Rank::Compound => 0.994,
        Rank::Village | Rank::Road | Rank::Community => 0.98,
    };
    let spelling = 0.012 * f64::from(found.cost);
    let gross = if found.gross { 0.03 } else { 0.0 };
    let contradicted = if found.contradicted { 0.01 } else { 0.0 };
    let beyond = if found.beyond { 0.05 } else { 0.0 };
    exact - spelling - gross - contradicted - beyond - other(found)
}

/// How likely it is that another address of the text is the place: measured on made-up sets, the
/// cues are right somewhat more often than their log-odds say.
fn other(found: &Mention) -> f64 {
    0.7 / (1.0 + f64::from(found.ahead).exp())
}

/// What a position or a known home adds to words that alone would not do.
pub(super) const BY_POSITION: f64 = 0.97;

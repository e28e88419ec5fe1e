//! The words of a resident, who knows no jargon of the desk. Staff read [`CaseState::zh`] and
//! [`ActorRole::zh`].

use super::{ActorRole, CaseState, RejectionCode};

/// What a case waits for from whoever reported it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// The answer to the question where it is.
    Answer,
    /// The papers that are missing.
    Papers,
    /// His word on the time of an appointment.
    Time,
    /// His word on the result.
    Result,
}

impl CaseState {
    /// Returns what whoever reported it reads; at most five characters, as a card takes. What is
    /// decided elsewhere was not refused, what waits for him says so, and so does what came back
    /// (`again`).
    pub const fn plain_zh(
        self,
        rejection: Option<RejectionCode>,
        awaited: Option<Awaited>,
        again: bool,
    ) -> &'static str {
        match self {
            Self::Triage if awaited.is_some() => "等您回答",
            Self::OnHold if matches!(awaited, Some(Awaited::Papers)) => "等您补充",
            Self::OnHold | Self::Resolved if awaited.is_some() => "等您确认",
            Self::Submitted => "已收到",
            Self::Triage => "正在派人",
            Self::Assigned => "已派网格员",
            Self::Acknowledged => "已有人接到",
            Self::InProgress if again => "重新处理",
            Self::InProgress => "正在处理",
            Self::OnHold => "暂时等待",
            Self::Resolved => "已有结果",
            Self::Closed => "已办结",
            Self::Rejected if matches!(rejection, Some(RejectionCode::LegalProcedure)) => {
                "转法定途径"
            }
            Self::Rejected => "未受理",
            Self::Merged => "合并办理",
            Self::Cancelled => "已撤回",
        }
    }
}

impl ActorRole {
    /// Returns what a resident calls the office: who sorts cases sorts no waste.
    pub const fn plain_zh(self) -> &'static str {
        match self {
            Self::TriageDesk => "派单员",
            other => other.zh(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resident_reads_no_jargon_and_a_card_takes_every_state() {
        let codes = RejectionCode::ALL.iter().copied().map(Some).chain([None]);
        for rejection in codes {
            for state in CaseState::ALL {
                for awaited in [None, Some(Awaited::Answer), Some(Awaited::Papers)] {
                    let plain = state.plain_zh(rejection, awaited, true);
                    assert!(plain.chars().count() <= 5, "{plain}");
                    assert!(!plain.contains("签收") && !plain.contains("分拣"), "{plain}");
                }
            }
        }
        for role in ActorRole::ALL {
            assert!(!role.plain_zh().contains("角") && !role.plain_zh().contains("分拣"));
        }
        let elsewhere =
            CaseState::Rejected.plain_zh(Some(RejectionCode::LegalProcedure), None, false);
        let refused = CaseState::Rejected.plain_zh(Some(RejectionCode::Unlawful), None, false);
        assert_ne!(elsewhere, refused);
    }

    #[test]
    fn what_waits_for_the_resident_says_that_he_is_asked() {
        for (state, awaited, says) in [
            (CaseState::Triage, None, "正在派人"),
            (CaseState::Triage, Some(Awaited::Answer), "等您回答"),
            (CaseState::OnHold, None, "暂时等待"),
            (CaseState::OnHold, Some(Awaited::Papers), "等您补充"),
            (CaseState::OnHold, Some(Awaited::Time), "等您确认"),
            (CaseState::Resolved, Some(Awaited::Result), "等您确认"),
            (CaseState::Resolved, None, "已有结果"),
        ] {
            assert_eq!(state.plain_zh(None, awaited, false), says);
        }
        assert_eq!(CaseState::InProgress.plain_zh(None, None, true), "重新处理");
        assert_eq!(CaseState::Closed.plain_zh(None, None, true), "已办结");
    }
}

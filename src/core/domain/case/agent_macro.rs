//! The macros by which agents answer the service, so that they type no tags. Notes name them; the account's set-up makes them.

/// A macro of the account for agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentMacro {
    /// The airport was called.
    AirportCalled,
    /// The prepared reply may go out.
    Release,
    /// The ticket goes back to the service, whatever status and assignee it has meanwhile.
    GiveBack,
}

impl AgentMacro {
    /// All macros, in the order of the set-up.
    pub const ALL: [Self; 3] = [Self::AirportCalled, Self::Release, Self::GiveBack];

    /// Its title in the account.
    pub fn title(self) -> &'static str {
        match self {
            Self::AirportCalled => "[misread] 공항 통화 완료",
            Self::Release => "[misread] 준비된 답변 보내기",
            Self::GiveBack => "[misread] 서비스로 돌려주기",
        }
    }
}

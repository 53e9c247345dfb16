//! `[limits]`

use serde::Deserialize;

/// `[limits]`: the most that is moved without a person. All in KRW, or as numbers of movements: payments cancelled, claims withdrawn,
/// coupons and points granted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitSettings {
    /// Of one action. 1 to 1000000000.
    pub per_action_won: u32,
    /// Of one account in 30 days. 1 to 1000000000.
    pub per_account_30_days_won: u32,
    /// Movements of one account in 30 days. 1 to 1000000.
    pub per_account_30_days_count: u32,
    /// At one lot in 24 hours. 1 to 1000000000.
    pub per_lot_day_won: u32,
    /// Movements at one lot in 24 hours. 1 to 1000000.
    pub per_lot_day_count: u32,
    /// Of all in 24 hours. 1 to 1000000000.
    pub per_day_won: u32,
    /// Movements of all in 24 hours. 1 to 1000000.
    pub per_day_count: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            per_action_won: 100_000,
            per_account_30_days_won: 300_000,
            per_account_30_days_count: 5,
            per_lot_day_won: 1_000_000,
            per_lot_day_count: 50,
            per_day_won: 10_000_000,
            per_day_count: 1_000,
        }
    }
}

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
    /// How many times the usual of an hour opens the breaker. 2 to 1000.
    pub breaker_factor: u32,
    /// KRW up to which an hour never opens it. 1 to 1000000000.
    pub breaker_from_won: u32,
    /// Refusals of the parking system up to which an hour never opens it. 1 to 1000000.
    pub breaker_from_refusals: u32,
    /// Tickets handed over up to which an hour never opens it. 1 to 1000000.
    pub breaker_from_hand_overs: u32,
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
            breaker_factor: 5,
            breaker_from_won: 2_000_000,
            breaker_from_refusals: 20,
            breaker_from_hand_overs: 100,
        }
    }
}

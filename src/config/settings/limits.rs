//! The section `[limits]`: limits on the money that moves without a person.

use serde::Deserialize;

/// `[limits]`: the most that moves without a person, in KRW or as a number of movements. Movements are cancelled
/// payments, withdrawn claims, granted coupons and granted points.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitSettings {
    /// KRW of one action. 1 to 1000000000.
    pub per_action_won: u32,
    /// KRW of one account in 30 days. 1 to 1000000000.
    pub per_account_30_days_won: u32,
    /// Movements of one account in 30 days. 1 to 1000000.
    pub per_account_30_days_count: u32,
    /// KRW at one lot in 24 hours. 1 to 1000000000.
    pub per_lot_day_won: u32,
    /// Movements at one lot in 24 hours. 1 to 1000000.
    pub per_lot_day_count: u32,
    /// KRW of all cases in 24 hours. 1 to 1000000000.
    pub per_day_won: u32,
    /// Movements of all cases in 24 hours. 1 to 1000000.
    pub per_day_count: u32,
    /// The multiple of a usual hour that opens the breaker. 2 to 1000.
    pub breaker_factor: u32,
    /// The KRW of an hour up to which the breaker stays closed. 1 to 1000000000.
    pub breaker_from_won: u32,
    /// The parking system's refusals in an hour up to which the breaker stays closed. 1 to 1000000.
    pub breaker_from_refusals: u32,
    /// The tickets handed over in an hour up to which the breaker stays closed. 1 to 1000000.
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

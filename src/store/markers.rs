//! The marker keys, the same in every database.

use std::fmt::Write as _;

use crate::domain::marker::MarkerKey;

/// Number and secret, the newest last.
pub(super) const ALL: &str = "SELECT number, secret FROM marker_keys ORDER BY number";

// $1 the secret, $2 now. If several processes start at once on an empty ledger, one creates it.
pub(super) const FIRST: &str = "
    INSERT INTO marker_keys (number, secret, made_at)
    SELECT 1, $1, $2 WHERE NOT EXISTS (SELECT 1 FROM marker_keys)
    ON CONFLICT DO NOTHING";

// $1 the secret, $2 now, $3 the time after which the newest must not have been created.
pub(super) const NEXT: &str = "
    INSERT INTO marker_keys (number, secret, made_at)
    SELECT coalesce(max(number), 0) + 1, $1, $2 FROM marker_keys
    HAVING coalesce(max(made_at), $3) <= $3";

/// All but the newest two.
pub(super) const FORGET: &str =
    "DELETE FROM marker_keys WHERE number < (SELECT max(number) - 1 FROM marker_keys)";

pub(super) fn keys(rows: Vec<(i64, String)>) -> Vec<MarkerKey> {
    let key = |(number, secret): (i64, String)| MarkerKey { number, secret: secret.into() };
    rows.into_iter().map(key).collect()
}

/// 64 unguessable hexadecimal digits from the operating system.
pub(super) fn fresh_secret() -> Result<String, sqlx::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| sqlx::Error::Io(error.into()))?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

//! The ledger: deliveries, cases, journal.

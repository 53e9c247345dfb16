//! Counts entries of journals that were appended without being counted, and folds outlines that were not kept with them: once after
//! an upgrade, and while a replica of an earlier version works on the ledger.

use tokio_util::sync::CancellationToken;

use super::LOOK_EVERY;
use crate::ports::{Ledger, StoreError};

/// The number of cases counted in one transaction: it holds others up for milliseconds.
const PAGE: usize = 50;

/// Counts every minute until `stop`. A journal that cannot be read is reported once.
pub(super) async fn keep_counted(ledger: &dyn Ledger, stop: &CancellationToken) {
    let (mut told, mut told_of_outlines) = (0, 0);
    while !stop.is_cancelled() {
        match count(ledger, stop).await {
            Ok((cases, unreadable)) => {
                if cases > 0 {
                    tracing::info!(cases, "counted journals that an earlier version had written");
                }
                if unreadable.len() > told {
                    for error in &unreadable {
                        tracing::error!(%error, "the case is missing in the figures");
                    }
                }
                told = unreadable.len();
            }
            Err(error) => tracing::error!(%error, "journals could not be counted; trying again"),
        }
        match outline(ledger, stop).await {
            Ok((cases, unreadable)) => {
                if cases > 0 {
                    tracing::info!(cases, "folded the outlines of cases that an earlier version had written");
                }
                if unreadable.len() > told_of_outlines {
                    for error in &unreadable {
                        tracing::error!(%error, "the case is missing in the console's filters");
                    }
                }
                told_of_outlines = unreadable.len();
            }
            Err(error) => tracing::error!(%error, "outlines could not be folded; trying again"),
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Counts all there is, until `stop`. Returns the number of cases, and why the journals of others cannot be counted.
///
/// # Errors
/// The ledger is unavailable. What was counted until then stays counted.
pub async fn count(
    ledger: &dyn Ledger,
    stop: &CancellationToken,
) -> Result<(usize, Vec<StoreError>), StoreError> {
    page_by_page(ledger, Chore::Count, stop).await
}

/// Folds all outlines there are to fold, in the same way.
///
/// # Errors
/// The ledger is unavailable. What was folded until then stays folded.
pub async fn outline(
    ledger: &dyn Ledger,
    stop: &CancellationToken,
) -> Result<(usize, Vec<StoreError>), StoreError> {
    page_by_page(ledger, Chore::Outline, stop).await
}

#[derive(Clone, Copy)]
enum Chore {
    Count,
    Outline,
}

async fn page_by_page(
    ledger: &dyn Ledger,
    chore: Chore,
    stop: &CancellationToken,
) -> Result<(usize, Vec<StoreError>), StoreError> {
    let (mut after, mut counted, mut unreadable) = (None, 0, Vec::new());
    while !stop.is_cancelled() {
        let page = match chore {
            Chore::Count => ledger.count(after, PAGE).await?,
            Chore::Outline => ledger.outline(after, PAGE).await?,
        };
        let Some(last) = page.last() else { break };
        after = Some(last.ticket_id);
        let before = unreadable.len();
        let cases = page.len();
        unreadable.extend(page.into_iter().filter_map(|one| one.unreadable));
        counted += cases - (unreadable.len() - before);
    }
    Ok((counted, unreadable))
}

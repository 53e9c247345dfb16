//! What no webhook told of: where to look for it, and which of what is found is really missing. Zendesk promises no delivery
//! (facts §1.5), so its own tickets are the truth.

use jiff::{SignedDuration, Timestamp};

use super::case::Routing;

/// A webhook may be on its way for so long, retries included, before its ticket is looked for; the search knows nothing later
/// either.
pub const GRACE: SignedDuration = SignedDuration::from_mins(5);

/// Tickets that a trigger should have told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// They have at least one of these tags.
    pub any_of: Vec<String>,
    /// They have none of these.
    pub none_of: Vec<String>,
    /// Their status comes before this one.
    pub before: Before,
}

/// A status, as a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// New only: whatever was handed to people or answered is open at least, so one with such a tag has it from the closed ticket that
    /// it follows.
    Open,
    /// New and open: somebody wrote since the ticket was put to wait or was solved.
    Pending,
    /// Everything that is not solved or closed.
    Solved,
}

/// What the triggers listen to: a ticket that begins, a customer who answers, a colleague who gives back, a ticket that follows a closed
/// one and has its tags.
pub fn told(routing: &Routing) -> [Told; 4] {
    let Routing { sent_tag, done_tag, handed_over_tag, waiting_tag, prepared_tag, .. } = routing;
    let tags = |tags: &[&String]| tags.iter().copied().cloned().collect::<Vec<String>>();
    // What is found is looked at again before anything is done: of a tag in two words the first is enough to find it.
    let starts = routing.start_tags.iter().filter_map(|tag| tag.split_whitespace().next()).map(str::to_owned);
    let types = &routing.consultation_types;
    let begins = starts.chain(tags(&[&types.linked, &types.unlinked, &types.other, sent_tag]));
    [
        Told {
            any_of: begins.collect(),
            none_of: tags(&[done_tag, handed_over_tag, waiting_tag, prepared_tag]),
            before: Before::Solved,
        },
        Told {
            any_of: tags(&[waiting_tag, done_tag]),
            none_of: tags(&[handed_over_tag]),
            before: Before::Pending,
        },
        Told {
            any_of: tags(&[&routing.give_back_tag, &routing.release_tag]),
            none_of: Vec::new(),
            before: Before::Solved,
        },
        Told { any_of: tags(&[handed_over_tag, prepared_tag]), none_of: Vec::new(), before: Before::Open },
    ]
}

/// Whether a ticket that was last changed then may have been missed, where its case rests and was last changed at `known`.
///
/// A search names no audit, so times must tell, and of two clocks: a case that was changed within a few minutes after its ticket need not have
/// seen that. It looks once too often, and then goes by the numbers of audits.
pub fn is_missed(changed_at: Timestamp, known: Option<Timestamp>, now: Timestamp) -> bool {
    now.duration_since(changed_at) >= GRACE
        && known.is_none_or(|known| known.duration_since(changed_at) < GRACE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_770_000_000 + minute * 60).unwrap()
    }

    #[test]
    fn only_what_changed_some_minutes_ago_and_not_long_before_its_case_was_missed() {
        for (changed, known, now, missed) in [
            (0, None, 5, true),
            (0, None, 4, false),
            (0, Some(0), 60, true),
            (0, Some(4), 60, true),
            (0, Some(5), 60, false),
            (2, Some(1), 60, true),
            (2, Some(1), 6, false),
        ] {
            let known = known.map(at);
            assert_eq!(is_missed(at(changed), known, at(now)), missed, "{changed} {known:?} {now}");
        }
    }
}

//! The structure of the words file (`config/words.toml`).

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::Against;

/// A list of phrases with their places, for messages about mistakes.
pub(super) type Phrases = Vec<Spanned<String>>;

/// Defines a section of phrase lists. No list may be empty: an empty list would weaken a check without notice.
macro_rules! section {
    ($name:ident { $($key:ident),+ }) => {
        #[derive(Default, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub(super) struct $name { $(pub(super) $key: Phrases),+ }

        impl $name {
            fn lists(&self) -> Vec<(&'static str, &Phrases)> {
                vec![$((stringify!($key), &self.$key)),+]
            }
        }
    };
}

section!(YesSection { words, joined, predicates, firm, conceding });
section!(NoSection { words, weak, predicates, firm });
section!(IdentitySection { roles, things, yes, no, never_yes, never_clear });
section!(VehicleSection { roles, things, kinds, yes, no, never_yes, never_clear });
section!(CouponSection { names, named, yes, no, wants, declines, never_yes, never_clear });
section!(PeopleSection { writer, mine, others, belongings });
section!(GrammarSection {
    particles,
    copulas,
    firm_copulas,
    both,
    first,
    second,
    third,
    fillers,
    contrasts,
    ambiguous,
    clause_endings
});
section!(UnsureSection {
    anywhere,
    conceding,
    for_a_person,
    in_clause,
    elsewhere,
    trailing,
    wavering,
    denials
});
section!(ThanksSection { words, acknowledgements, solved, reasons, solved_reasons, closings });
section!(PoliteSection { greetings, apologies, requests, cancelling, matter, denials, matter_starts });
section!(WishSection { says, unless, asks, beside });
section!(AgainstSection { says, unless });

/// Corrections of mistypings and dialect. The list may be empty: corrections only make more messages readable.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SpellingSection {
    pub(super) standard: Phrases,
}

/// The objections to the request, one section each.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct AgainstSections {
    /// Sets of words, which phrases use as `<family>`.
    pub(super) sets: BTreeMap<String, Phrases>,
    pub(super) not_wanted: AgainstSection,
    pub(super) did_park: AgainstSection,
    pub(super) for_other: AgainstSection,
    pub(super) vehicle_gone: AgainstSection,
    pub(super) number_changed: AgainstSection,
    pub(super) charged_twice: AgainstSection,
    pub(super) other_amount: AgainstSection,
    pub(super) solved: AgainstSection,
    pub(super) other_lot: AgainstSection,
    pub(super) threat: AgainstSection,
    pub(super) self_harm: AgainstSection,
    pub(super) minor: AgainstSection,
}

impl AgainstSections {
    /// Every objection with its section and the section's name.
    pub(super) fn all(&self) -> [(Against, &'static str, &AgainstSection); 12] {
        [
            (Against::NotWanted, "against.not_wanted", &self.not_wanted),
            (Against::DidPark, "against.did_park", &self.did_park),
            (Against::ForOther, "against.for_other", &self.for_other),
            (Against::VehicleGone, "against.vehicle_gone", &self.vehicle_gone),
            (Against::NumberChanged, "against.number_changed", &self.number_changed),
            (Against::ChargedTwice, "against.charged_twice", &self.charged_twice),
            (Against::OtherAmount, "against.other_amount", &self.other_amount),
            (Against::Solved, "against.solved", &self.solved),
            (Against::OtherLot, "against.other_lot", &self.other_lot),
            (Against::Threat, "against.threat", &self.threat),
            (Against::SelfHarm, "against.self_harm", &self.self_harm),
            (Against::Minor, "against.minor", &self.minor),
        ]
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WordsFile {
    /// Sets of words and patterns, which phrases use as `<때>`.
    pub(super) sets: BTreeMap<String, Phrases>,
    pub(super) yes: YesSection,
    pub(super) no: NoSection,
    pub(super) identity: IdentitySection,
    pub(super) vehicle: VehicleSection,
    pub(super) coupon: CouponSection,
    pub(super) people: PeopleSection,
    pub(super) grammar: GrammarSection,
    pub(super) unsure: UnsureSection,
    pub(super) thanks: ThanksSection,
    pub(super) polite: PoliteSection,
    pub(super) self_cancel: WishSection,
    pub(super) cancel_pass: WishSection,
    pub(super) who_was_it: WishSection,
    pub(super) why_hidden: WishSection,
    pub(super) against: AgainstSections,
    pub(super) spelling: SpellingSection,
}

impl WordsFile {
    /// Every list that must not be empty, with its name.
    pub(super) fn lists(&self) -> impl Iterator<Item = (String, &Phrases)> {
        [
            ("yes", self.yes.lists()),
            ("no", self.no.lists()),
            ("identity", self.identity.lists()),
            ("vehicle", self.vehicle.lists()),
            ("coupon", self.coupon.lists()),
            ("people", self.people.lists()),
            ("grammar", self.grammar.lists()),
            ("unsure", self.unsure.lists()),
            ("thanks", self.thanks.lists()),
            ("polite", self.polite.lists()),
            ("self_cancel", self.self_cancel.lists()),
            ("cancel_pass", self.cancel_pass.lists()),
            ("who_was_it", self.who_was_it.lists()),
            ("why_hidden", self.why_hidden.lists()),
        ]
        .into_iter()
        .chain(self.against.all().map(|(_, name, section)| (name, section.lists())))
        .flat_map(|(section, lists)| {
            lists.into_iter().map(move |(key, phrases)| (format!("{section}.{key}"), phrases))
        })
        .chain(self.sets.iter().map(|(name, phrases)| (format!("sets.{name}"), phrases)))
    }
}

//! The shape of the words file as people write it.

use serde::Deserialize;
use toml::Spanned;

/// One list.
pub(super) type Phrases = Vec<Spanned<String>>;

/// A section of phrase lists, each of which must say something: an empty list would silently weaken a check.
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

section!(YesSection { words, predicates, firm });
section!(NoSection { words, weak, predicates, firm });
section!(SubjectSection { roles, things, no, never_yes, never_clear });
section!(CouponSection { names, yes, no, wants, declines, never_yes, never_clear });
section!(PeopleSection { writer, mine, others, belongings });
section!(GrammarSection {
    particles,
    copulas,
    firm_copulas,
    both,
    first,
    second,
    fillers,
    ambiguous,
    clause_endings
});
section!(UnsureSection { anywhere, in_clause, elsewhere, wavering, denials });
section!(ThanksSection { words, reasons, closings });
section!(PoliteSection { greetings, apologies, requests, matter });
section!(WishSection { says, unless, beside });
section!(QuotedSection { lines, rest_from, rest_after });

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WordsFile {
    pub(super) yes: YesSection,
    pub(super) no: NoSection,
    pub(super) identity: SubjectSection,
    pub(super) vehicle: SubjectSection,
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
    pub(super) quoted: QuotedSection,
}

impl WordsFile {
    /// Every list with its name.
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
            ("quoted", self.quoted.lists()),
        ]
        .into_iter()
        .flat_map(|(section, lists)| {
            lists.into_iter().map(move |(key, phrases)| (format!("{section}.{key}"), phrases))
        })
    }
}

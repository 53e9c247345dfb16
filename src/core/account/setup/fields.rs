//! The ticket fields and the options of 상담유형: looked up by the settings' ids, or by title and type. Fields are never
//! changed; missing options are added.

use serde_json::json;

use super::{Account, Item, Kind, Step, TicketField, Wanted, by_hand, good, missing};
use crate::account::triggers::Marks;

/// The displayed names of the options, in the order of [`Marks::consultation_types`].
pub const OPTION_NAMES: [&str; 3] = [
    "주차_고객::결제::본인 미사용::연동",
    "주차_고객::결제::본인 미사용::비연동",
    "주차_고객::결제::본인 미사용::기타",
];

/// The purpose of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldRole {
    /// 상담유형, a drop-down.
    ConsultationType,
    /// 차량번호, a text.
    Plate,
    /// 이용 일시, a day or a text.
    UsedAt,
}

impl FieldRole {
    /// Its title for agents.
    pub fn title(self) -> &'static str {
        match self {
            Self::ConsultationType => "상담유형",
            Self::Plate => "차량번호",
            Self::UsedAt => "이용 일시",
        }
    }

    /// Its key under `[zendesk.fields]` in the settings.
    pub fn key(self) -> &'static str {
        match self {
            Self::ConsultationType => "consultation_type",
            Self::Plate => "plate",
            Self::UsedAt => "used_at",
        }
    }

    /// Its allowed types; the first is used to create it.
    fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::ConsultationType => &["tagger"],
            Self::Plate => &["text", "regexp"],
            Self::UsedAt => &["date", "text"],
        }
    }
}

/// The look-up result for a field.
pub(super) enum Match<'a> {
    One(&'a TicketField),
    None,
    Several(Vec<i64>),
    Gone(i64),
}

pub(super) fn find(role: FieldRole, number: Option<i64>, account: &Account) -> Match<'_> {
    if let Some(id) = number {
        return account
            .fields
            .known()
            .iter()
            .find(|field| field.id == id)
            .map_or(Match::Gone(id), Match::One);
    }
    let fits = |field: &&TicketField| {
        field.title.trim() == role.title() && role.kinds().contains(&field.kind.as_str()) && field.active
    };
    let named: Vec<&TicketField> = account.fields.known().iter().filter(fits).collect();
    match named.as_slice() {
        [] => Match::None,
        [field] => Match::One(field),
        several => Match::Several(several.iter().map(|field| field.id).collect()),
    }
}

pub(super) fn items(wanted: &Wanted, account: &Account) -> Vec<Item> {
    if !account.fields.is_read() {
        return Vec::new();
    }
    let mut items = Vec::new();
    for (role, number) in &wanted.fields {
        let what = format!("field {}", role.title());
        let found = find(*role, *number, account);
        items.push(match &found {
            Match::One(field) => usable(*role, field, what),
            Match::None => create(*role, &wanted.marks, what),
            Match::Several(ids) => by_hand(
                what,
                format!("there are several of this title and type: {}", list(ids)),
                format!("write the number of the right one as `zendesk.fields.{}` into misread.toml", role.key()),
            ),
            Match::Gone(id) => by_hand(
                what,
                format!("the settings name #{id}, and there is no such field"),
                format!(
                    "correct `zendesk.fields.{}` in misread.toml, or take the line out: then it is looked for by title",
                    role.key()
                ),
            ),
        });
        if let (FieldRole::ConsultationType, Match::One(field)) = (role, found)
            && field.kind == "tagger"
        {
            items.extend(options(field, &wanted.marks));
        }
    }
    items.push(tags(wanted, account));
    items
}

fn usable(role: FieldRole, field: &TicketField, what: String) -> Item {
    if !role.kinds().contains(&field.kind.as_str()) {
        return by_hand(
            what,
            format!(
                "#{} is a field of type `{}`, and must be `{}`",
                field.id,
                field.kind,
                role.kinds().join("` or `")
            ),
            format!("write the number of another field as `zendesk.fields.{}` into misread.toml", role.key()),
        );
    }
    if !field.active {
        let help = "switch it on in the Admin Centre (Objects and rules, Fields)";
        return by_hand(what, format!("#{} is switched off", field.id), help);
    }
    good(what, format!("#{}, {}", field.id, field.kind))
}

fn create(role: FieldRole, marks: &Marks, what: String) -> Item {
    let mut body = json!({ "type": role.kinds()[0], "title": role.title() });
    let mut lines = vec![format!("type: {}", role.kinds()[0])];
    if role == FieldRole::ConsultationType {
        let options = wanted_options(marks);
        lines.extend(options.iter().map(|(name, value)| format!("option: {name} = {value}")));
        body["custom_field_options"] =
            options.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    }
    missing(what, lines, Some(Step::Create { kind: Kind::Field, body, or: None }))
}

fn wanted_options(marks: &Marks) -> Vec<(&'static str, &str)> {
    OPTION_NAMES.into_iter().zip(marks.consultation_types.iter().map(String::as_str)).collect()
}

/// Only the value counts: the service writes it, and people may rename an option.
fn options(field: &TicketField, marks: &Marks) -> Vec<Item> {
    let item = |(name, value): (&str, &str)| {
        let what = format!("option {name} of {}", field.title);
        let known = &field.custom_field_options;
        if let Some(option) = known.iter().find(|option| option.value == value) {
            let named = if option.name == name { String::new() } else { format!(", named {}", option.name) };
            return good(what, format!("{value}{named}"));
        }
        if let Some(option) = known.iter().find(|option| option.name == name) {
            return by_hand(
                what,
                format!("it is there with the value `{}`, and the settings say `{value}`", option.value),
                "write its value under `[zendesk.consultation_types]` of misread.toml, or rename it in the Admin Centre",
            );
        }
        let step = Step::AddOption { field_id: field.id, name: name.to_owned(), value: value.to_owned() };
        missing(what, vec![format!("value: {value}")], Some(step))
    };
    wanted_options(marks).into_iter().map(item).collect()
}

/// A selected option is a tag of its ticket (facts §5.2). No option may have the value of a tag by which the service marks
/// a case's state, and no other field may have our options' values.
fn tags(wanted: &Wanted, account: &Account) -> Item {
    let what = "tags".to_owned();
    let consultation_type = wanted.fields.iter().find(|(role, _)| *role == FieldRole::ConsultationType);
    let ours = consultation_type.and_then(|(role, number)| match find(*role, *number, account) {
        Match::One(field) => Some(field.id),
        _ => None,
    });
    let own = wanted.marks.own();
    let types = &wanted.marks.consultation_types;
    let clashes = account.fields.known().iter().flat_map(|field| {
        field.custom_field_options.iter().filter_map(move |option| {
            let is_type = types.contains(&option.value) && ours.is_some_and(|id| id != field.id);
            (own.contains(&option.value.as_str()) || is_type).then(|| {
                format!(
                    "option {} of {} (#{}) sets the tag `{}`",
                    option.name, field.title, field.id, option.value
                )
            })
        })
    });
    let clashes: Vec<String> = clashes.collect();
    if clashes.is_empty() {
        return good(what, "no option of another field sets one of ours".to_owned());
    }
    let help = "give that option another value in the Admin Centre, or choose other tags in misread.toml";
    by_hand(what, clashes.join("; "), help)
}

pub(super) fn list(ids: &[i64]) -> String {
    ids.iter().map(|id| format!("#{id}")).collect::<Vec<_>>().join(", ")
}

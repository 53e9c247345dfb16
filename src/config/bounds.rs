//! Collects from the settings the tags, fields, groups and statuses that macros must not set.

use super::settings::{ConsultationTypes, CustomStatuses, FieldSettings, GroupSettings, Settings};
use crate::domain::policy::Team;
use crate::domain::reply::Bounds;
use crate::domain::ticket::TicketStatus;

impl Settings {
    /// The bounds that macros are checked against: the service's own tags and fields, the teams' groups and the custom
    /// statuses.
    pub fn macro_bounds(&self) -> Bounds {
        let desk = &self.zendesk;
        let ConsultationTypes { linked, unlinked, other } = &desk.consultation_types;
        let own_tags = [
            &desk.sent_tag,
            &desk.done_tag,
            &desk.handed_over_tag,
            &desk.waiting_tag,
            &desk.prepared_tag,
            &desk.give_back_tag,
            &desk.release_tag,
            linked,
            unlinked,
            other,
        ];
        // A start tag with a blank also stands for a tag of each word (Zendesk facts §6).
        let start_words = desk.start_tags.iter().flat_map(|tag| tag.split_whitespace());
        let FieldSettings { consultation_type, plate, used_at } = desk.fields;
        let fields = [(consultation_type, "상담유형"), (plate, "차량번호"), (used_at, "이용 일시")];
        let GroupSettings { agents, airport_desk, lot_contact, compensation } = desk.groups;
        let groups = [
            (Team::Agents, agents),
            (Team::AirportDesk, airport_desk),
            (Team::LotContact, lot_contact),
            (Team::Compensation, compensation),
        ];
        let CustomStatuses { open, pending, hold, solved } = desk.custom_statuses;
        let statuses = [
            (open, TicketStatus::Open),
            (pending, TicketStatus::Pending),
            (hold, TicketStatus::Hold),
            (solved, TicketStatus::Solved),
        ];
        Bounds {
            own_tags: own_tags.into_iter().cloned().collect(),
            start_tags: start_words.map(str::to_owned).collect(),
            fields: fields.into_iter().filter_map(|(id, name)| Some((id?, name))).collect(),
            groups: groups.into_iter().filter_map(|(team, id)| Some((team, id?))).collect(),
            statuses: statuses.into_iter().filter_map(|(id, status)| Some((id?, status))).collect(),
        }
    }
}

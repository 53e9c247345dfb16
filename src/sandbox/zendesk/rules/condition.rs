//! A trigger's conditions (facts §5.1): parsed once, evaluated for every update.

use serde_json::Value;

use super::RuleCondition;
use super::operator::Operator;
use super::subject::Subject;
use crate::zendesk::records::split_tags;

/// A condition that the engine supports.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) subject: Subject,
    pub(super) operator: Operator,
    /// The values compared with; one empty text means none.
    pub(super) wanted: Vec<String>,
}

impl Check {
    /// Parses a condition; `Err` is the problem in Zendesk's words.
    pub(super) fn parse(condition: &RuleCondition) -> Result<Self, String> {
        let RuleCondition { field, operator, value } = condition;
        let subject = Subject::parse(field).ok_or_else(|| format!("Invalid condition '{field}'"))?;
        let known = Operator::parse(operator).filter(|known| subject.operators().contains(known));
        let known = known.ok_or_else(|| format!("Invalid operator '{operator}' in '{field}'"))?;
        let wanted = if known.is_terminal() { Vec::new() } else { texts(subject, known, value) };
        let fits =
            known.is_terminal() || (!wanted.is_empty() && wanted.iter().all(|text| subject.takes(text)));
        if !fits {
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            return Err(format!("Invalid value '{shown}' in '{field} / {operator} / {shown}'"));
        }
        Ok(Self { subject, operator: known, wanted })
    }
}

impl Check {
    /// Whether it asks for what happened in an update: a view shows tickets as they are.
    pub(super) fn is_about_an_update(&self) -> bool {
        let of_update = matches!(
            self.subject,
            Subject::UpdateType | Subject::CurrentUser | Subject::CommentIsPublic | Subject::UpdateVia
        );
        of_update || self.operator.is_about_a_change()
    }
}

/// The texts of a value: one, several in a list, or several separated by spaces if Zendesk uses that.
fn texts(subject: Subject, operator: Operator, value: &Value) -> Vec<String> {
    let text = match value {
        Value::Array(list) => return list.iter().flat_map(|value| texts(subject, operator, value)).collect(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null => String::new(),
        Value::Object(_) => return Vec::new(),
    };
    match subject {
        Subject::Tags => split_tags(&text).collect(),
        Subject::TitleWords if matches!(operator, Operator::Includes | Operator::NotIncludes) => {
            text.to_lowercase().split_whitespace().map(str::to_owned).collect()
        }
        Subject::TitleWords => vec![text.to_lowercase()],
        _ => vec![text],
    }
}

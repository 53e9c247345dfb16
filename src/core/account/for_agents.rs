//! What agents use in the account instead of tags: the macros that answer the service, and the views of what waits for whom.
//!
//! A macro sets exactly the tag that the service awaits from a person (`domain::case::resume`), and nothing else that it reads.
//! A view goes by the tags that mark a case's state; a ticket with such a tag stands in exactly one of them until it is solved.

use serde_json::json;

use super::triggers::{Marks, condition};
use crate::domain::case::AgentMacro;
use crate::domain::rule::{Conditions, RuleAction};

/// A macro or a view that the account must have.
#[derive(Clone, Debug, PartialEq)]
pub struct WantedRule {
    /// Its role, the same in every account. It is part of the description and identifies the object.
    pub role: &'static str,
    /// Its title for agents.
    pub title: &'static str,
    /// Its purpose, for agents.
    pub purpose: &'static str,
    /// What it does, or which tickets it shows.
    pub rule: Rule,
}

/// The content of a macro or a view.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Rule {
    Macro(Vec<RuleAction>),
    View(Conditions),
}

/// All macros and views, in the order of their creation. `airport_desk`: the id of the group 공항 담당.
pub fn wanted(marks: &Marks, airport_desk: &str) -> Vec<WantedRule> {
    let mut rules: Vec<WantedRule> = AgentMacro::ALL.iter().map(|one| of_macro(*one, marks)).collect();
    rules.extend(views(marks, airport_desk));
    rules
}

fn of_macro(one: AgentMacro, marks: &Marks) -> WantedRule {
    let tag = |tag: &str| RuleAction::new("current_tags", tag);
    let (role, purpose, actions) = match one {
        AgentMacro::AirportCalled => (
            "macro:airport_called",
            "공항에 전화를 마친 티켓을 misread에 돌려줍니다. misread가 이어서 처리하고 고객님께 답변합니다.",
            vec![tag(&marks.give_back_tag)],
        ),
        AgentMacro::Release => (
            "macro:release",
            "misread가 준비한 처리와 답변을 승인합니다. 메모의 내용이 맞는지 먼저 확인해 주세요.",
            vec![tag(&marks.release_tag)],
        ),
        AgentMacro::GiveBack => (
            "macro:give_back",
            "공항 통화를 부탁받은 티켓을 그사이 대기나 보류로 바꾸거나 맡으셨을 때, 담당자를 비우고 열린 상태로 misread에 돌려줍니다.",
            vec![
                tag(&marks.give_back_tag),
                RuleAction::new("status", "open"),
                RuleAction::new("assignee_id", ""),
            ],
        ),
    };
    WantedRule { role, title: one.title(), purpose, rule: Rule::Macro(actions) }
}

fn views(marks: &Marks, airport_desk: &str) -> [WantedRule; 5] {
    let tags = |operator: &str, tag: &String| condition("current_tags", operator, tag.as_str());
    let group = |operator: &str| condition("group_id", operator, airport_desk);
    let view = |role, title, purpose, others: Vec<_>| {
        // Zendesk wants a condition on the status, or another one of a short list, in `all` (facts §5.4).
        let all = std::iter::once(condition("status", "less_than", "solved")).chain(others).collect();
        let rule = Rule::View(Conditions { all, any: Vec::new() });
        WantedRule { role, title, purpose, rule }
    };
    let handed_over = || tags("includes", &marks.handed_over_tag);
    let not_stuck = || tags("not_includes", &marks.stuck_tag);
    [
        view(
            "view:stuck",
            "[misread] 막힘",
            "misread가 오류로 멈춘 티켓입니다. 메모를 확인하고 이어서 상담해 주세요.",
            vec![tags("includes", &marks.stuck_tag)],
        ),
        view(
            "view:prepared",
            "[misread] 승인 대기",
            "misread가 처리와 답변을 준비해 두고 상담사의 승인을 기다리는 티켓입니다.",
            vec![tags("includes", &marks.prepared_tag)],
        ),
        view(
            "view:airport",
            "[misread] 공항 통화 대기",
            "공항 담당이 공항에 전화해야 하는 티켓입니다.",
            vec![handed_over(), not_stuck(), group("is")],
        ),
        view(
            "view:waiting",
            "[misread] 고객 답변 대기",
            "고객님의 답변이나 결제를 기다리는 티켓입니다. 하실 일이 없습니다.",
            vec![tags("includes", &marks.waiting_tag)],
        ),
        view(
            "view:people",
            "[misread] 사람이 이어받음",
            "misread가 상담사에게 넘긴 티켓입니다. 메모의 할 일을 확인해 주세요.",
            vec![handed_over(), not_stuck(), group("is_not")],
        ),
    ]
}

/// The columns and the order of a new view. People may change them.
pub fn output() -> serde_json::Value {
    json!({
        "columns": ["status", "nice_id", "description", "requester", "group", "assignee", "updated"],
        "sort_by": "updated",
        "sort_order": "asc",
    })
}

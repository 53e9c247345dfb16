//! Macros of the account are read and checked like files; a faulty one is never used.

use std::collections::BTreeMap;

use jiff::Timestamp;
use misread::domain::policy::Team;
use misread::domain::reply::{AccountMacro, Bounds, Choice, Fault, Finding, Macro, Macros, Serves};
use misread::domain::rule::RuleAction;
use misread::domain::ticket::{FieldValue, Priority, TicketStatus};
use serde_json::{Value, json};

use super::{shipped, shipped_files, shipped_policy};

const NAME: &str = "payment_cancelled";
const OWN_FIELD: i64 = 360_001;
const OWN_STATUS: i64 = 360_002;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn bounds() -> Bounds {
    let tags = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
    Bounds {
        own_tags: tags(&["misread_done", "misread_sent", "no_self_use_linked"]),
        start_tags: tags(&["no_self_use"]),
        fields: BTreeMap::from([(OWN_FIELD, "상담유형")]),
        groups: BTreeMap::from([(Team::AirportDesk, 31)]),
        statuses: BTreeMap::from([(OWN_STATUS, TicketStatus::Solved)]),
    }
}

/// A shipped macro as it is in an account, with other words.
fn in_account(name: &str) -> AccountMacro {
    let macros = shipped();
    let paragraph = macros.paragraphs().find(|(known, _)| *known == name).map(|(_, found)| found.actions());
    let actions = macros.get(name).map(Macro::actions).or(paragraph).unwrap();
    AccountMacro { id: 70, title: format!("misread::{name}"), active: true, updated_at: at(10), actions }
}

fn changed(mut account: AccountMacro, field: &str, value: Value) -> AccountMacro {
    account.actions.retain(|action| action.field != field);
    account.actions.push(RuleAction { field: field.to_owned(), value });
    account
}

fn comment(account: &AccountMacro) -> String {
    let comment = account.actions.iter().find(|action| action.field == "comment_value").unwrap();
    comment.value.as_str().unwrap().to_owned()
}

fn edited(from: &str, to: &str) -> AccountMacro {
    let account = in_account(NAME);
    let text = comment(&account);
    assert!(text.contains(from), "{text}");
    changed(account, "comment_value", json!(text.replace(from, to)))
}

fn choose(name: &str, finding: Finding, good: Option<AccountMacro>) -> Choice {
    let policy = shipped_policy();
    let findings = BTreeMap::from([(name.to_owned(), finding)]);
    let good = good.map(|good| (name.to_owned(), good)).into_iter().collect();
    shipped().choose(Some(&findings), &good, policy, &bounds())
}

/// The only fault of a macro that cannot be used from the account.
fn fault(name: &str, account: AccountMacro) -> Fault {
    let Choice { faults, sound, macros, .. } = choose(name, Finding::Found(account), None);
    assert!(sound.is_empty(), "{sound:?}");
    let [fault] = &faults[..] else { panic!("{faults:#?}") };
    assert_eq!((fault.name.as_str(), fault.serves), (name, Serves::File));
    assert_eq!(macros.account_id(name), None);
    fault.clone()
}

#[test]
fn what_is_put_into_the_account_reads_as_the_file_that_it_came_from() {
    for (name, _) in shipped_files() {
        let Choice { macros, sound, faults, .. } = choose(&name, Finding::Found(in_account(&name)), None);
        assert_eq!(faults, []);
        assert_eq!((macros.account_id(&name), sound.len()), (Some(70), 1), "{name}");
        let files = shipped();
        match (macros.get(&name), files.get(&name)) {
            (Some(there), Some(here)) => assert!(there.does_as(here) && there.title == here.title, "{name}"),
            _ => assert!(macros.paragraphs().any(|(known, _)| known == name), "{name}"),
        }
    }
}

#[test]
fn an_edited_text_serves_with_the_files_own_head() {
    let Choice { macros, faults, .. } =
        choose(NAME, Finding::Found(edited("감사합니다.", "고맙습니다.")), None);
    assert_eq!(faults, []);
    let found = macros.get(NAME).unwrap();
    assert_eq!(found.wording.must_mention, shipped().get(NAME).unwrap().wording.must_mention);
    assert!(!found.does_as(shipped().get(NAME).unwrap()));
}

#[test]
fn what_the_macro_does_beside_its_comment_is_honoured() {
    let mut account = in_account(NAME);
    for (field, value) in [
        ("priority", json!("high")),
        ("group_id", json!("98738")),
        ("current_tags", json!("vip 환불")),
        ("remove_tags", json!("urgent_callback")),
        ("custom_fields_5", json!("refunded")),
        ("custom_fields_6", json!(true)),
        ("custom_fields_7", json!(["a", "b"])),
    ] {
        account = changed(account, field, value);
    }
    account.actions.retain(|action| action.field != "status");
    let account = changed(account, "custom_status_id", json!(OWN_STATUS.to_string()));
    let Choice { macros, faults, .. } = choose(NAME, Finding::Found(account.clone()), None);
    assert_eq!(faults, []);
    let does = &macros.get(NAME).unwrap().does;
    assert_eq!((does.status, does.priority), (Some(TicketStatus::Solved), Some(Priority::High)));
    assert_eq!((does.group_id, &does.remove_tags[..]), (Some(98_738), &["urgent_callback".to_owned()][..]));
    assert_eq!(does.add_tags, ["vip", "환불"]);
    let list = FieldValue::List(vec!["a".to_owned(), "b".to_owned()]);
    let fields = [(5, FieldValue::Text("refunded".to_owned())), (6, FieldValue::Flag(true)), (7, list)];
    assert_eq!(does.fields, BTreeMap::from(fields));
    let again = macros.get(NAME).unwrap().actions();
    let Choice { macros: twice, .. } =
        choose(NAME, Finding::Found(AccountMacro { actions: again, ..account }), None);
    assert!(twice.get(NAME).unwrap().does_as(macros.get(NAME).unwrap()), "there and back");
}

#[test]
fn a_comment_that_the_editor_made_html_of_is_sent_as_text() {
    let text = comment(&in_account(NAME));
    let html: Vec<String> =
        text.split("\n\n").map(|part| format!("<p>{}</p>", part.replace('\n', "<br>"))).collect();
    let html = html.concat();
    let mut account = in_account(NAME);
    account.actions.retain(|action| action.field != "comment_value");
    let account =
        changed(account, "comment_value_html", json!(html.replace("{{ ", "{{").replace(" }}", "}}")));
    let Choice { faults, sound, .. } = choose(NAME, Finding::Found(account.clone()), None);
    assert_eq!((faults, sound.len()), (vec![], 1));
    let picture = changed(account, "comment_value_html", json!(format!("{html}<img src='x'>")));
    let problems = fault(NAME, picture).problems;
    assert_eq!(
        problems,
        ["글에 서비스가 보낼 수 없는 것이 있습니다: `<img>` (모든 채널에 보낼 일반 글로 쓰세요)"]
    );
}

#[test]
fn a_broken_text_is_told_with_its_line_and_what_it_must_mention() {
    let broken = fault(NAME, edited("{{ parking.entered_at }}", "{{ parking.enterd_at }}"));
    assert_eq!((broken.macro_id, broken.updated_at), (Some(70), Some(at(10))));
    let [problem] = &broken.problems[..] else { panic!("{broken:#?}") };
    assert!(
        problem.starts_with("글의 13번째 줄: 자리표시자 `parking.enterd_at`은(는) 없습니다"),
        "{problem}"
    );
    let lost = fault(NAME, edited("영업일 3~5일", "며칠"));
    assert!(lost.problems[0].starts_with("꼭 알릴 말 `영업일 3~5일`이(가) 글에 없습니다"), "{lost:?}");
    let stray = fault(NAME, edited("고객센터 드림", "고객센터 드림 {{"));
    assert!(stray.problems[0].contains("`{{`을(를) `}}`(으)로 닫지 않았습니다"), "{stray:?}");
    let unknown = fault(NAME, edited("고객센터 드림", "{{ticket.assignee.name}}"));
    assert!(unknown.problems[0].contains("자리표시자 `ticket.assignee.name`은(는) 없습니다"), "{unknown:?}");
}

#[test]
fn what_contradicts_the_routing_or_is_not_done_is_told() {
    for (field, value, what) in [
        ("status", json!("hold"), "행 `completed_open`은(는) 문의를 마무리하는데, 이 매크로가"),
        ("status", json!("new"), "모르는 값 `new`"),
        ("set_tags", json!("vip"), "`set_tags`는 서비스의 태그까지"),
        (
            "remove_tags",
            json!("vip misread_sent"),
            "`remove_tags`이(가) `misread_sent` 태그를 빼는데, 서비스와 트리거만",
        ),
        ("remove_tags", json!("no_self_use"), "본인 미사용 문의임을 아는 태그"),
        ("current_tags", json!("Misread_Done"), "`current_tags`이(가) `Misread_Done` 태그를 더하는데"),
        (
            "current_tags",
            json!("no_self_use_linked"),
            "`current_tags`이(가) `no_self_use_linked` 태그를 더하는데",
        ),
        ("custom_fields_360001", json!("other"), "상담유형 필드를 바꿉니다"),
        ("custom_fields_5", json!(""), "필드에 넣을 값이 없습니다"),
        ("custom_status_id", json!("9"), "상태 9이(가) 설정에 없습니다"),
        ("group_id", json!("current_groups"), "`group_id`에는 따옴표로 묶은 그룹 번호"),
        ("group_id", json!(""), "`group_id`에는 따옴표로 묶은 그룹 번호"),
        ("priority", json!("top"), "모르는 값 `top`"),
        ("assignee_id", json!("current_user"), "동작 `assignee_id`은(는) 서비스가 하지 않습니다"),
        ("side_conversation", json!(["x"]), "동작 `side_conversation`은(는) 서비스가 하지 않습니다"),
        ("comment_mode_is_public", json!("false"), "공개여야 합니다"),
        ("comment_value", json!(["channel:chat", "안녕"]), "`channel:chat` 전용 글"),
        ("comment_value_html", json!("<p>둘</p>"), "글이 둘 있습니다"),
    ] {
        let found = fault(NAME, changed(in_account(NAME), field, value.clone()));
        assert!(found.problems.iter().any(|problem| problem.contains(what)), "{field} {value}: {found:#?}");
    }
    let both = changed(changed(in_account(NAME), "current_tags", json!("x")), "remove_tags", json!("x"));
    assert!(fault(NAME, both).problems[0].contains("`x` 태그를 더하면서 뺍니다"));
    let airport = changed(in_account("airport_interim"), "group_id", json!("32"));
    let found = fault("airport_interim", airport);
    assert!(found.problems[0].contains("공항 담당으로 이관하는데"), "{found:?}");
    let right = changed(in_account("airport_interim"), "group_id", json!("31"));
    assert_eq!(choose("airport_interim", Finding::Found(right), None).faults, []);
    let solved = changed(in_account("airport_interim"), "status", json!("solved"));
    assert!(fault("airport_interim", solved).problems[0].contains("담당에게 이관하는데"));
    let paragraph = changed(in_account("why_hidden"), "status", json!("open"));
    assert!(fault("why_hidden", paragraph).problems[0].contains("문단은 티켓을 바꾸지 않습니다"));
}

#[test]
fn the_same_contradictions_of_a_file_are_told_at_their_place() {
    for (line, place, what) in [
        ("current_tags = 'vip misread_done'", "'vip misread_done'", "`misread_done` 태그를 더하는데"),
        ("custom_fields_360001 = 'x'", "'x'", "상담유형 필드를 바꿉니다"),
        ("group_id = '9'", "'9'", "공항 담당으로 이관하는데"),
    ] {
        let mut files = shipped_files();
        let file = files.iter_mut().find(|(name, _)| name == "airport_interim").unwrap();
        file.1 = file.1.replacen("[actions]\n", &format!("[actions]\n{line}\n"), 1);
        let text = file.1.clone();
        let policy = shipped_policy();
        let problems = Macros::parse(&files).unwrap().check_bounds(policy, &bounds()).unwrap_err();
        assert!(!problems.is_empty());
        for (_, problem) in problems {
            assert!(problem.what.contains(what), "{problem:?}");
            assert_eq!(&text[problem.at.clone().unwrap()], place);
        }
    }
}

#[test]
fn where_the_account_has_no_good_text_the_last_good_one_serves_and_else_the_files() {
    let good = edited("감사합니다.", "고맙습니다.");
    let broken = AccountMacro { updated_at: at(20), ..edited("영업일 3~5일", "며칠") };
    let off = AccountMacro { active: false, ..good.clone() };
    let missing = Finding::Missing { wanted: "제목이 `misread::payment_cancelled`".to_owned() };
    for (finding, id, what) in [
        (Finding::Found(broken), Some(70), "이(가) 글에 없습니다"),
        (Finding::Found(off), None, "꺼져 있습니다"),
        (missing, None, "제목이 `misread::payment_cancelled`인 매크로가 없습니다"),
        (Finding::Several { ids: vec![70, 71] }, None, "같은 제목의 매크로가 여럿입니다([70, 71])"),
    ] {
        let Choice { macros, sound, faults, .. } = choose(NAME, finding.clone(), Some(good.clone()));
        assert!(sound.is_empty());
        assert!(faults[0].problems[0].contains(what), "{faults:?}");
        assert_eq!(faults[0].serves, Serves::LastGood { updated_at: at(10) });
        assert_eq!(macros.account_id(NAME), id, "{what}");
        assert!(!macros.get(NAME).unwrap().does_as(shipped().get(NAME).unwrap()));
        let Choice { macros, faults, .. } = choose(NAME, finding, None);
        assert_eq!(faults[0].serves, Serves::File);
        assert!(macros.get(NAME).unwrap().does_as(shipped().get(NAME).unwrap()));
    }
}

#[test]
fn a_last_good_text_that_a_changed_file_no_longer_lets_through_does_not_serve() {
    let mut files = shipped_files();
    let file = files.iter_mut().find(|(name, _)| name == NAME).unwrap();
    file.1 = file.1.replacen(
        "must_mention = [",
        "must_mention = [\n  { text = '새 약속', why = '새 가이드' },",
        1,
    );
    file.1 = file.1.replace("언제든지 문의해 주세요.", "새 약속. 언제든지 문의해 주세요.");
    let good = BTreeMap::from([(NAME.to_owned(), in_account(NAME))]);
    let policy = shipped_policy();
    let macros = Macros::parse(&files).unwrap();
    let unread = macros.choose(None, &good, policy, &bounds());
    assert_eq!((unread.faults, unread.macros.account_id(NAME)), (vec![], None));
    let unread = shipped().choose(None, &good, policy, &bounds());
    assert_eq!(
        unread.macros.account_id(NAME),
        Some(70),
        "before the account is read the last good one serves"
    );
}

//! The macros against the policy: what a row or the service sends exists, can be filled, and suits its reader.

use misread::domain::policy::Policy;
use misread::domain::problem::Problem;
use misread::domain::reply::{FaultyFile, Macros};

use super::{POLICY, shipped, shipped_files, shipped_policy};

#[test]
fn the_shipped_macros_fit_the_shipped_policy() {
    assert_eq!(shipped().check(shipped_policy()), Ok(()));
}

#[test]
fn a_row_that_names_a_macro_that_does_not_exist_is_told_with_its_place() {
    let policy = POLICY.replacen("reply = \"payment_cancelled\"", "reply = \"refunded\"", 1);
    let problems = shipped().check(&Policy::parse(&policy).unwrap()).unwrap_err();
    let [(FaultyFile::Policy, problem)] = &problems[..] else { panic!("{problems:#?}") };
    assert_eq!(problem.what, "행 `completed_open`이(가) 답하는 매크로 `refunded`이(가) 없습니다");
    assert_eq!(&policy[problem.at.clone().unwrap()], "\"refunded\"");
    assert!(problem.help.as_ref().unwrap().contains("`payment_cancelled`"));
}

#[test]
fn a_placeholder_that_a_row_cannot_fill_is_told_with_its_place() {
    let mut files = shipped_files();
    let file = files.iter_mut().find(|(name, _)| name == "use_cancelled").unwrap();
    file.1 = file.1.replacen("이 건으로", "이 건 {{ parking.amount }}으로", 1);
    let text = file.1.clone();
    let problems = Macros::parse(&files).unwrap().check(shipped_policy()).unwrap_err();
    assert_eq!(problems.len(), 2, "both rows that use it: {problems:#?}");
    for (file, problem) in &problems {
        assert_eq!(*file, FaultyFile::Macro("use_cancelled".into()));
        assert!(problem.what.ends_with("픽 상태: 이용 중"), "{}", problem.what);
        assert_eq!(&text[problem.at.clone().unwrap()], "{{ parking.amount }}");
    }
    let file = files.iter_mut().find(|(name, _)| name == "use_cancelled").unwrap();
    file.1 = file.1.replacen(
        "{{ parking.amount }}",
        "{% if parking.amount %}{{ parking.amount }}{% else %}요금{% endif %}",
        1,
    );
    assert_eq!(Macros::parse(&files).unwrap().check(shipped_policy()), Ok(()));
}

/// The problems of the shipped macros with one change under the shipped policy with one change, each with the macro's
/// name.
fn misfits(macro_name: &str, (from, to): (&str, &str), policy: (&str, &str)) -> Vec<(String, Problem)> {
    let mut files = shipped_files();
    let file = files.iter_mut().find(|(name, _)| name == macro_name).unwrap();
    assert!(file.1.contains(from), "{macro_name} no longer says {from}");
    file.1 = file.1.replacen(from, to, 1);
    assert!(POLICY.contains(policy.0), "the policy no longer says {}", policy.0);
    told(&files, &POLICY.replacen(policy.0, policy.1, 1))
}

/// The problems of macros under a policy, each with the macro's name.
fn told(files: &[(String, String)], policy: &str) -> Vec<(String, Problem)> {
    let policy = Policy::parse(policy).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let problems = Macros::parse(files).unwrap().check(&policy).unwrap_err();
    let named = problems.into_iter().map(|(file, problem)| match file {
        FaultyFile::Macro(name) => (name, problem),
        FaultyFile::Policy => panic!("{problem:?}"),
    });
    named.collect()
}

/// The only problem of one macro, and its help.
fn misfit(macro_name: &str, change: (&str, &str), policy: (&str, &str)) -> (String, String) {
    let found = misfits(macro_name, change, policy);
    let [(file, problem)] = &found[..] else { panic!("{found:#?}") };
    assert_eq!(file, macro_name);
    (problem.what.clone(), problem.help.clone().unwrap())
}

const NOTHING: (&str, &str) = ("", "");

#[test]
fn what_the_service_itself_sends_must_be_there() {
    let own = [
        ("ask_again", "매크로 `ask_again`이(가) 없습니다. 고객의 답변이 분명하지 않을 때 보냅니다"),
        ("reminder", "매크로 `reminder`이(가) 없습니다. 고객의 답변이 늦어질 때 보냅니다"),
        ("closed_silent", "매크로 `closed_silent`이(가) 없습니다. 끝내 답변이 없을 때 보냅니다"),
        ("follow_up", "매크로 `follow_up`이(가) 없습니다. 처리가 끝난 뒤 고객이 다른 것을 물을 때 보냅니다"),
        ("self_cancel", "고객이 함께 묻는 것에 답하는 문단 `self_cancel`이(가) 없습니다"),
        (
            "self_cancel_not_offered",
            "고객이 함께 묻는 것에 답하는 문단 `self_cancel_not_offered`이(가) 없습니다",
        ),
        ("pass_cancel", "고객이 함께 묻는 것에 답하는 문단 `pass_cancel`이(가) 없습니다"),
        ("who_was_it", "고객이 함께 묻는 것에 답하는 문단 `who_was_it`이(가) 없습니다"),
        (
            "who_was_it_directly_operated",
            "고객이 함께 묻는 것에 답하는 문단 `who_was_it_directly_operated`이(가) 없습니다",
        ),
        ("why_hidden", "고객이 함께 묻는 것에 답하는 문단 `why_hidden`이(가) 없습니다"),
        ("question_identity", "고객에게 묻는 문단 `question_identity`이(가) 없습니다"),
        ("question_vehicle", "고객에게 묻는 문단 `question_vehicle`이(가) 없습니다"),
        ("question_both", "고객에게 묻는 문단 `question_both`이(가) 없습니다"),
        ("question_coupon", "고객에게 묻는 문단 `question_coupon`이(가) 없습니다"),
    ];
    for (name, what) in own {
        let files: Vec<_> = shipped_files().into_iter().filter(|(file, _)| file != name).collect();
        assert_eq!(files.len() + 1, shipped_files().len(), "{name}");
        let problems = Macros::parse(&files).unwrap().check(shipped_policy()).unwrap_err();
        let [(FaultyFile::Macro(file), problem)] = &problems[..] else { panic!("{name}: {problems:#?}") };
        assert_eq!((file.as_str(), problem.what.as_str()), (name, what));
        assert!(problem.help.as_ref().unwrap().contains("함께 제공되는 config/macros/"));
    }
    // Every paragraph is in this list, and every macro is in it or sent by a row.
    let policy = shipped_policy();
    let macros = shipped();
    let unsent = |name: &str| {
        own.iter().all(|(own, _)| *own != name) && policy.rows().all(|row| row.reply() != Some(name))
    };
    let names = macros.iter().map(|(name, _)| name).chain(macros.paragraphs().map(|(name, _)| name));
    assert_eq!(names.filter(|name| unsent(name)).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn what_the_service_itself_sends_is_for_any_writer() {
    let holder = ("audience = \"anyone\"", "audience = \"holder\"");
    for (name, when) in [
        ("ask_again", "고객의 답변이 분명하지 않을 때 보냅니다"),
        ("reminder", "고객의 답변이 늦어질 때 보냅니다"),
        ("closed_silent", "끝내 답변이 없을 때 보냅니다"),
        ("follow_up", "처리가 끝난 뒤 고객이 다른 것을 물을 때 보냅니다"),
    ] {
        let (what, help) = misfit(name, holder, NOTHING);
        assert_eq!(
            what,
            format!("매크로 `{name}`은(는) 확인된 본인에게만 보내게 되어 있습니다. 누가 글을 썼든 {when}")
        );
        assert!(help.contains("`audience = \"anyone\"`을 쓰고"), "{help}");
    }
    for name in ["self_cancel", "self_cancel_not_offered", "pass_cancel", "who_was_it", "why_hidden"] {
        let (what, _) = misfit(name, holder, NOTHING);
        assert_eq!(
            what,
            format!(
                "문단 `{name}`은(는) 확인된 본인에게만 보내게 되어 있습니다. 누구나 물을 수 있는 내용입니다"
            )
        );
    }
}

#[test]
fn what_the_service_itself_sends_leaves_the_ticket_where_it_goes_on() {
    for (name, status, other) in [
        ("ask_again", "pending", "solved"),
        ("reminder", "pending", "solved"),
        ("closed_silent", "solved", "pending"),
        ("follow_up", "solved", "open"),
    ] {
        let line = format!("status = \"{status}\"\n");
        for to in [format!("status = \"{other}\"\n"), String::new()] {
            let (what, help) = misfit(name, (&line, &to), NOTHING);
            assert!(
                what.starts_with(&format!(
                    "매크로 `{name}`이(가) 티켓 상태를 {status}(으)로 두지 않습니다. "
                )),
                "{what}"
            );
            assert_eq!(help, format!("`[actions]` 아래에 `status = \"{status}\"`를 쓰세요"));
        }
    }
}

#[test]
fn the_macro_for_follow_ups_has_a_place_for_the_answers() {
    let mut files = shipped_files();
    let file = files.iter_mut().find(|(name, _)| name == "follow_up").unwrap();
    file.1 = file.1.replace("{{ reply.paragraphs }}", "문의해 주신 내용");
    let problems = Macros::parse(&files).unwrap().check(shipped_policy()).unwrap_err();
    let [(FaultyFile::Macro(file), problem)] = &problems[..] else { panic!("{problems:#?}") };
    assert_eq!(file, "follow_up");
    assert_eq!(problem.what, "매크로 `follow_up`에 답할 문단을 넣을 자리가 없습니다");
}

/// The shipped policy with other conditions and another consequence in one row.
fn saying(row: &str, when: Option<&str>, consequence: &str) -> String {
    let start = POLICY.find(&format!("id = \"{row}\"\n")).unwrap_or_else(|| panic!("there is no row {row}"));
    let from = start + POLICY[start..].find("\nwhen = ").unwrap() + 1;
    let then = from + POLICY[from..].find('\n').unwrap() + 1;
    let to = POLICY[then..].find("\n\n").map_or(POLICY.len(), |end| then + end + 1);
    let when = when.map_or(POLICY[from..then].to_owned(), |when| format!("{when}\n"));
    format!("{}{when}{consequence}\n{}", &POLICY[..from], &POLICY[to..])
}

/// The only problem of the shipped macros under a policy, with the macro's name.
fn told_of(policy: &str) -> (String, String, String) {
    let told = told(&shipped_files(), policy);
    let [(name, problem)] = &told[..] else { panic!("{told:#?}") };
    (name.clone(), problem.what.clone(), problem.help.clone().unwrap())
}

#[test]
fn a_row_that_a_stranger_reads_sends_no_macro_for_holders() {
    let answered = "actions = []\nreply = \"nothing_charged\"";
    let asked = "ask = [\"vehicle\"]\nreply = \"ask_vehicle\"";
    for (row, consequence, situation) in [
        ("restricted", answered, "본인 아님"),
        ("identity_unknown", "ask = [\"identity\"]\nreply = \"ask_vehicle\"", "확인 안 됨"),
        (
            "identity_and_vehicle_unknown",
            "ask = [\"identity\", \"vehicle\"]\nreply = \"ask_vehicle\"",
            "확인 안 됨",
        ),
        ("vehicle_not_own_and_identity_unknown", answered, "확인 안 됨"),
        ("own_word_vehicle", asked, "본인이라는 답변뿐"),
        ("writer_excluded", answered, "자동 상담 대상 아님"),
        // Rows whose reply goes to established holders and to others alike.
        ("vehicle_not_own", answered, "본인이라는 답변뿐"),
        ("request_contradicted", answered, "본인이라는 답변뿐"),
        ("request_unread", answered, "본인이라는 답변뿐"),
        ("use_not_found", answered, "본인이라는 답변뿐"),
    ] {
        let (name, what, help) = told_of(&saying(row, None, consequence));
        assert!(consequence.contains(&format!("reply = \"{name}\"")), "{row}: {name}");
        assert_eq!(
            what,
            format!(
                "행 `{row}`은(는) 작성자가 확인된 본인이 아닐 때에도 이 매크로를 보냅니다: 작성자: {situation}"
            )
        );
        assert!(help.contains("행에 다른 매크로를 쓰세요"), "{help}");
    }
}

#[test]
fn each_writer_who_is_not_the_established_holder_and_only_they_are_refused_a_holders_macro() {
    let nobody = "\n\n[[consultation]]\nid = \"others\"\nsentence = \"x\"\nreason = \"x\"\nsource = \"x\"\n";
    let person = "hand_over = \"agents\"\ntodo = \"x\"";
    let everybody = ["proven", "account_tied", "own_word", "denied", "unknown"];
    for identity in everybody {
        let others: Vec<&str> = everybody.into_iter().filter(|other| *other != identity).collect();
        let answers = format!("use = \"one\", identity = \"{identity}\"");
        // One identity is answered with a holder's macro if its request was not understood; all others go to a person.
        let policy = saying(
            "request_unread",
            Some(&format!("when = {{ {answers}, request = \"unread\" }}")),
            &format!(
                "actions = []\nreply = \"nothing_charged\"{nobody}\
                 when = {{ identity = {others:?}, request = \"unread\" }}\n{person}{}\
                 when = {{ use = [\"none\", \"several\", \"contradicted\", \"unread\"], identity = \"{identity}\", \
                 request = \"unread\" }}\n{person}",
                nobody.replace("others", "no_use")
            ),
        );
        // The consultation settles nothing, so that the row only answers.
        let checked =
            shipped().check(&Policy::parse(&policy).unwrap_or_else(|problems| panic!("{problems:#?}")));
        let holder = ["proven", "account_tied"].contains(&identity);
        assert_eq!(checked.is_ok(), holder, "{identity}: {checked:#?}");
    }
}

#[test]
fn a_row_without_a_use_sends_no_macro_that_speaks_of_one() {
    for (row, found, korean) in [
        ("use_not_found", "none", "찾지 못함"),
        ("several_uses", "several", "여러 건"),
        ("use_contradicted", "contradicted", "알려 준 내용과 다름"),
        ("use_unread", "unread", "알려 준 내용을 읽지 못함"),
    ] {
        let when = format!(
            "when = {{ use = \"{found}\", identity = [\"proven\", \"account_tied\"], request = \"stands\" }}"
        );
        let answered = format!(
            "actions = []\nreply = \"nothing_charged\"\n\n\
             [[consultation]]\nid = \"nobody\"\nsentence = \"x\"\nreason = \"x\"\nsource = \"x\"\n\
             when = {{ use = \"{found}\", identity = \"own_word\", request = \"stands\" }}\n\
             hand_over = \"agents\"\ntodo = \"x\""
        );
        let (name, what, _) = told_of(&saying(row, Some(&when), &answered));
        assert_eq!(name, "nothing_charged");
        assert_eq!(
            what,
            format!("행 `{row}`은(는) 말할 이용 건이 없을 때에도 이 매크로를 보냅니다: 이용 건: {korean}")
        );
    }
}

#[test]
fn a_row_that_waits_for_the_customer_sends_a_macro_that_sets_the_ticket_to_pending() {
    for (row, name) in [
        ("identity_unknown", "ask_identity"),
        ("identity_and_vehicle_unknown", "ask_both"),
        ("vehicle_unknown", "ask_vehicle"),
        ("completed_closed", "offer_coupon"),
        ("unpaid_closed", "please_pay"),
    ] {
        for to in ["status = \"solved\"\n", ""] {
            let (what, help) = misfit(name, ("status = \"pending\"\n", to), NOTHING);
            assert_eq!(
                what,
                format!(
                    "행 `{row}`은(는) 고객을 기다리는데, 이 매크로가 티켓 상태를 pending(으)로 두지 않습니다"
                )
            );
            assert_eq!(help, "`[actions]` 아래에 `status = \"pending\"`를 쓰세요");
        }
    }
}

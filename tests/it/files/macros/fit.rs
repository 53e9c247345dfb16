//! The macros against the policy: what a row or the service itself sends exists, can be filled, and is for whoever reads it.

use misread::domain::policy::Policy;
use misread::domain::problem::Problem;
use misread::domain::reply::{FaultyFile, Macros};

use super::{POLICY, shipped, shipped_files};

#[test]
fn the_shipped_macros_fit_the_shipped_policy() {
    assert_eq!(shipped().check(&Policy::parse(POLICY).unwrap()), Ok(()));
}

#[test]
fn a_row_that_names_a_macro_that_does_not_exist_is_told_with_its_place() {
    let policy = POLICY.replacen("reply = \"payment_cancelled\"", "reply = \"refunded\"", 1);
    let problems = shipped().check(&Policy::parse(&policy).unwrap()).unwrap_err();
    let [(FaultyFile::Policy, problem)] = &problems[..] else { panic!("{problems:#?}") };
    assert_eq!(problem.what, "row `completed_open` answers with the macro `refunded`, which does not exist");
    assert_eq!(&policy[problem.at.clone().unwrap()], "\"refunded\"");
    assert!(problem.help.as_ref().unwrap().contains("`payment_cancelled`"));
}

#[test]
fn a_placeholder_that_a_row_cannot_fill_is_told_with_its_place() {
    let mut files = shipped_files();
    let file = files.iter_mut().find(|(name, _)| name == "use_cancelled").unwrap();
    file.1 = file.1.replacen("이 건으로", "이 건 {{ parking.amount }}으로", 1);
    let text = file.1.clone();
    let problems = Macros::parse(&files).unwrap().check(&Policy::parse(POLICY).unwrap()).unwrap_err();
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
    assert_eq!(Macros::parse(&files).unwrap().check(&Policy::parse(POLICY).unwrap()), Ok(()));
}

/// What the shipped macros with one change are told about the shipped policy with one change, each with the macro's name.
fn misfits(macro_name: &str, (from, to): (&str, &str), policy: (&str, &str)) -> Vec<(String, Problem)> {
    let mut files = shipped_files();
    let file = files.iter_mut().find(|(name, _)| name == macro_name).unwrap();
    assert!(file.1.contains(from), "{macro_name} no longer says {from}");
    file.1 = file.1.replacen(from, to, 1);
    assert!(POLICY.contains(policy.0), "the policy no longer says {}", policy.0);
    let policy = Policy::parse(&POLICY.replacen(policy.0, policy.1, 1)).unwrap();
    let problems = Macros::parse(&files).unwrap().check(&policy).unwrap_err();
    let named = problems.into_iter().map(|(file, problem)| match file {
        FaultyFile::Macro(name) => (name, problem),
        FaultyFile::Policy => panic!("{problem:?}"),
    });
    named.collect()
}

/// One misfit of one macro: what it is, and what helps.
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
        (
            "ask_again",
            "the macro `ask_again` does not exist: the service sends it when an answer is not clear",
        ),
        ("reminder", "the macro `reminder` does not exist: the service sends it when an answer is overdue"),
        (
            "closed_silent",
            "the macro `closed_silent` does not exist: the service sends it when no answer ever came",
        ),
        (
            "follow_up",
            "the macro `follow_up` does not exist: the service sends it when a customer asks something after the case was settled",
        ),
        ("self_cancel", "the paragraph `self_cancel` does not exist: it answers what customers also ask"),
        (
            "self_cancel_not_offered",
            "the paragraph `self_cancel_not_offered` does not exist: it answers what customers also ask",
        ),
        ("pass_cancel", "the paragraph `pass_cancel` does not exist: it answers what customers also ask"),
        ("who_was_it", "the paragraph `who_was_it` does not exist: it answers what customers also ask"),
        ("why_hidden", "the paragraph `why_hidden` does not exist: it answers what customers also ask"),
    ];
    for (name, what) in own {
        let files: Vec<_> = shipped_files().into_iter().filter(|(file, _)| file != name).collect();
        assert_eq!(files.len() + 1, shipped_files().len(), "{name}");
        let problems = Macros::parse(&files).unwrap().check(&Policy::parse(POLICY).unwrap()).unwrap_err();
        let [(FaultyFile::Macro(file), problem)] = &problems[..] else { panic!("{name}: {problems:#?}") };
        assert_eq!((file.as_str(), problem.what.as_str()), (name, what));
        assert!(problem.help.as_ref().unwrap().contains("shipped config/macros/"));
    }
    // Every paragraph is one of these, and every macro is one of these or a row's.
    let policy = Policy::parse(POLICY).unwrap();
    let macros = shipped();
    let unsent = |name: &str| {
        own.iter().all(|(own, _)| *own != name) && policy.rows().all(|row| row.reply() != Some(name))
    };
    let names = macros.iter().map(|(name, _)| name).chain(macros.paragraphs().map(|(name, _)| name));
    assert_eq!(names.filter(|name| unsent(name)).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn what_the_service_itself_sends_is_for_whoever_wrote() {
    let holder = ("audience = \"anyone\"", "audience = \"holder\"");
    for (name, when) in [
        ("ask_again", "the service sends it when an answer is not clear"),
        ("reminder", "the service sends it when an answer is overdue"),
        ("closed_silent", "the service sends it when no answer ever came"),
        ("follow_up", "the service sends it when a customer asks something after the case was settled"),
    ] {
        let (what, help) = misfit(name, holder, NOTHING);
        assert_eq!(
            what,
            format!("the macro `{name}` is for the established holder only: {when}, whoever wrote")
        );
        assert!(help.contains("write `audience = \"anyone\"`"), "{help}");
    }
    for name in ["self_cancel", "self_cancel_not_offered", "pass_cancel", "who_was_it", "why_hidden"] {
        let (what, _) = misfit(name, holder, NOTHING);
        assert_eq!(
            what,
            format!("the paragraph `{name}` is for the established holder only: anybody may ask about it")
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
                    "the macro `{name}` does not set the ticket to {status}: the service"
                )),
                "{what}"
            );
            assert_eq!(help, format!("write `status = \"{status}\"` under `[actions]`"));
        }
    }
}

#[test]
fn the_macro_for_follow_ups_has_a_place_for_the_answers() {
    let mut files = shipped_files();
    let file = files.iter_mut().find(|(name, _)| name == "follow_up").unwrap();
    file.1 = file.1.replace("{{ reply.paragraphs }}", "문의해 주신 내용");
    let problems = Macros::parse(&files).unwrap().check(&Policy::parse(POLICY).unwrap()).unwrap_err();
    let [(FaultyFile::Macro(file), problem)] = &problems[..] else { panic!("{problems:#?}") };
    assert_eq!(file, "follow_up");
    assert_eq!(problem.what, "the macro `follow_up` has no place for the paragraphs that it is sent for");
}

#[test]
fn a_row_that_a_stranger_reads_sends_no_macro_for_holders() {
    for (from, to, row, situation) in [
        ("reply = \"restricted\"", "reply = \"use_cancelled\"", "restricted", "본인 확인: 본인 아님"),
        ("reply = \"ask_identity\"", "reply = \"ask_vehicle\"", "identity_unknown", "본인 확인: 확인 안 됨"),
        (
            "reply = \"ask_both\"",
            "reply = \"ask_vehicle\"",
            "identity_and_vehicle_unknown",
            "본인 확인: 확인 안 됨",
        ),
    ] {
        let name = to.split('"').nth(1).unwrap();
        let (what, help) = misfit(name, NOTHING, (from, to));
        assert_eq!(
            what,
            format!(
                "row `{row}` sends this macro where the writer is not the established holder: {situation}"
            )
        );
        assert!(help.contains("name another macro in the row"), "{help}");
    }
}

#[test]
fn a_row_without_a_use_sends_no_macro_that_speaks_of_one() {
    let not_found =
        "when = { use = \"none\", identity = [\"holder\", \"unknown\"] }\nhand_over = \"agents\"\n";
    let answered = "when = { use = \"none\", identity = \"holder\" }\nactions = []\nreply = \"nothing_charged\"\n\n\
                    [[consultation]]\nid = \"nobody\"\nsentence = \"x\"\nreason = \"x\"\nsource = \"x\"\n\
                    when = { use = \"none\", identity = \"unknown\" }\nhand_over = \"agents\"\n";
    let (what, _) = misfit("nothing_charged", NOTHING, (not_found, answered));
    assert_eq!(
        what,
        "row `use_not_found` sends this macro where there is no use to speak about: 이용 건: 찾지 못함"
    );
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
                    "row `{row}` waits for the customer, and this macro does not set the ticket to pending"
                )
            );
            assert_eq!(help, "write `status = \"pending\"` under `[actions]`");
        }
    }
}

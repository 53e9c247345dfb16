//! The macro files contain every fact that the policy page demands, and nothing that must not be disclosed.

#![expect(clippy::unwrap_used, reason = "a test whose preparation fails must stop")]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use misread::domain::ids::{AccountId, LotId, TicketId, UseId};
use misread::domain::parking::{Airport, Linkage, Lot, Operation, ParkingUse, UseStatus, Vehicle, Won};
use misread::domain::policy::{Outcome, Policy, Then};
use misread::domain::problem::Problem;
use misread::domain::reply::{Audience, Macros, ReplyFacts};
use misread::domain::ticket::TicketStatus;
use misread::domain::words::{Question, Words};
use proptest::prelude::*;

mod account;
mod fit;

const POLICY: &str = include_str!("../../../config/policy.toml");

/// Every macro file in `config/macros/`, as on disk.
fn shipped_files() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/config/macros");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn shipped() -> &'static Macros {
    static SHIPPED: LazyLock<Macros> =
        LazyLock::new(|| Macros::parse(&shipped_files()).unwrap_or_else(|problems| panic!("{problems:#?}")));
    &SHIPPED
}

/// The shipped policy, proved once for all tests.
fn shipped_policy() -> &'static Policy {
    static SHIPPED: LazyLock<Policy> = LazyLock::new(|| Policy::parse(POLICY).unwrap());
    &SHIPPED
}

fn parking_use(status: UseStatus) -> ParkingUse {
    let over = matches!(status, UseStatus::Completed | UseStatus::Unpaid);
    ParkingUse {
        id: UseId::new("use-1"),
        account_id: AccountId::new("acc-1"),
        vehicle: Vehicle { plate: "12가3456".into(), ownership_verified: false },
        lot: Lot {
            id: LotId::new("lot-1"),
            name: "역삼 하늘 주차장".into(),
            region: "서울 강남구 역삼동".into(),
            operation: Operation::Partner,
            linkage: Linkage::Linked,
            closed: false,
            airport: None,
            self_cancel: true,
        },
        status,
        entered_at: "2026-11-20T14:05:00+09:00".parse().unwrap(),
        exited_at: over.then(|| "2026-11-20T16:00:00+09:00".parse().unwrap()),
        amount: over.then_some(Won(12_000)),
        compensation: None,
    }
}

fn render(name: &str, parking_use: &ParkingUse) -> String {
    let facts = ReplyFacts {
        ticket_id: TicketId::try_from(35_436).unwrap(),
        requester_name: "김하늘",
        parking_use: Some(parking_use),
        is_first: true,
        is_answer: false,
        is_letter: true,
    };
    shipped().render(name, &facts).unwrap()
}

#[test]
fn every_reply_has_empathy_apology_cause_entry_time_place_and_inspection() {
    for (name, status, done) in [
        (
            "nothing_charged",
            UseStatus::CancelledByCustomer,
            ["다행히 고객님께서 앱에서 이미 취소", "청구되는 요금은 없"],
        ),
        ("use_cancelled", UseStatus::InUse, ["취소해 드렸습니다", "청구되는 요금은 없"]),
        (
            "payment_cancelled",
            UseStatus::Completed,
            ["12,000원은 전액 결제취소", "카드사에 따라 취소 내역이 확인되기까지 영업일 3~5일"],
        ),
        ("receivable_withdrawn", UseStatus::Unpaid, ["12,000원은 청구를 철회", "납부하실 금액이 없"]),
    ] {
        let reply = render(name, &parking_use(status));
        let common = [
            "진심으로 사과",
            "2026년 11월 20일(금) 오후 2시 5분",
            "서울 강남구 역삼동의 한 주차장에",
            "이번 건도 그런 경우로 보입니다",
            "빛 반사",
            "각도",
            "기기 점검",
            "더 나은 서비스를 위해 계속 노력",
            "카카오 T 고객센터",
        ];
        for fact in common.iter().chain(&done) {
            assert!(reply.contains(fact), "{name} lacks {fact}:\n{reply}");
        }
        assert!(!reply.contains("역삼 하늘") && !reply.contains("{{") && !reply.contains("{%"), "{reply}");
    }
}

#[test]
fn every_macro_has_a_title_and_a_status_and_what_a_row_uses_leaves_the_ticket_as_the_row_goes_on() {
    let (macros, policy) = (shipped(), shipped_policy());
    for (name, found) in macros.iter() {
        assert!(found.title.starts_with("본인 미사용::"), "{name}");
        assert!(found.description.is_some(), "{name}");
        assert!(found.does.status.is_some() && found.does.group_id.is_none(), "{name}");
    }
    for row in policy.rows() {
        let (Some(name), Then::Outcome(outcome)) = (row.reply(), &row.then) else { continue };
        let found = macros.get(name).unwrap();
        let status = match outcome {
            Outcome::Settle { .. } => TicketStatus::Solved,
            Outcome::Ask { .. } | Outcome::AwaitPayment { .. } => TicketStatus::Pending,
            Outcome::HandOver { .. } => TicketStatus::Open,
        };
        assert_eq!(found.does.status, Some(status), "{name}");
        // A customer who is asked a question answers that first; the paragraphs come with a later reply.
        let answers = status != TicketStatus::Pending && found.wording.audience == Audience::Holder;
        assert_eq!(found.wording.takes_paragraphs(), answers, "{name}");
        assert_eq!(found.wording.takes_questions(), matches!(outcome, Outcome::Ask { .. }), "{name}");
    }
    for (name, found) in macros.paragraphs() {
        let for_the_holder = ["question_vehicle", "question_coupon"].contains(&name);
        let audience = if for_the_holder { Audience::Holder } else { Audience::Anyone };
        assert!(found.description.is_some() && found.wording.audience == audience, "{name}");
    }
}

#[test]
fn the_conversation_waits_for_the_person_asked_and_says_nothing_of_the_use_to_others() {
    use Audience::{Anyone, Holder};
    use TicketStatus::{Open, Pending, Solved};
    let macros = shipped();
    let told =
        macros.iter().map(|(name, found)| (name, (found.wording.audience, found.does.status.unwrap())));
    let told: BTreeMap<&str, (Audience, TicketStatus)> = told.collect();
    let wanted = BTreeMap::from([
        ("airport_interim", (Holder, Open)),
        ("ask_again", (Anyone, Pending)),
        ("ask_both", (Anyone, Pending)),
        ("ask_identity", (Anyone, Pending)),
        ("ask_vehicle", (Holder, Pending)),
        ("closed_silent", (Anyone, Solved)),
        ("coupon_granted", (Holder, Solved)),
        ("follow_up", (Anyone, Solved)),
        ("nothing_charged", (Holder, Solved)),
        ("offer_coupon", (Holder, Pending)),
        ("payment_cancelled", (Holder, Solved)),
        ("please_pay", (Holder, Pending)),
        ("points_granted", (Holder, Solved)),
        ("receivable_withdrawn", (Holder, Solved)),
        ("reminder", (Anyone, Pending)),
        ("restricted", (Anyone, Solved)),
        ("use_cancelled", (Holder, Solved)),
    ]);
    assert_eq!(told, wanted);
}

#[test]
fn the_follow_up_paragraphs_carry_what_the_guide_says() {
    let macros = shipped();
    let facts = ReplyFacts {
        ticket_id: TicketId::try_from(1).unwrap(),
        requester_name: "김하늘",
        parking_use: None,
        is_first: true,
        is_answer: false,
        is_letter: true,
    };
    let guide: [(&str, &[&str]); 6] = [
        (
            "self_cancel",
            &[
                "카카오 T를 믿고",
                "죄송",
                "'주차 중 이용내역'에서 [앱결제 취소]",
                "https://t.kakao.com/launch?page=order\n",
                "무역센터(코엑스), 남이섬, 인천공항 주차장에서는 앱에서 직접 취소하실 수 없습니다",
                "취소해 드리겠습니다",
                "개선하고 있습니다",
            ],
        ),
        (
            "self_cancel_not_offered",
            &[
                "카카오 T를 믿고",
                "죄송",
                "직접 취소하실 수 없는 곳",
                "취소해 드리겠습니다",
                "개선하고 있습니다",
            ],
        ),
        (
            "pass_cancel",
            &[
                "[등록정보 확인하기] → 오른쪽 위의 [⋮] → 주차패스 해지",
                "https://t.kakao.com/launch?scheme=kakaot&type=parking&action=&data=%7B%22page%22%3A%22register%22%2C%22ref%22%3A%22navi%22%7D",
            ],
        ),
        (
            "who_was_it",
            &[
                "걱정",
                "직접 운영하는 주차장이 아니어서",
                "바로 확인하기 어렵습니다",
                "확인한 뒤 다시 안내해 드려도 될까요?",
                "시간이 걸릴 수",
                "최대한 서둘러",
            ],
        ),
        (
            "who_was_it_directly_operated",
            &[
                "걱정",
                "바로 확인하기 어렵습니다",
                "확인한 뒤 다시 안내해 드려도 될까요?",
                "시간이 걸릴 수",
                "최대한 서둘러",
            ],
        ),
        ("why_hidden", &["개인정보 보호", "소유인증이 확인되기 전까지", "전달하겠습니다"]),
    ];
    let answering = macros.paragraphs().filter(|(name, _)| !name.starts_with("question_"));
    assert_eq!(answering.count(), guide.len());
    for (name, facts_of_the_guide) in guide {
        let text = macros.paragraph(name, &facts).unwrap();
        for fact in facts_of_the_guide {
            assert!(format!("{text}\n").contains(fact), "{name} lacks {fact}:\n{text}");
        }
        let reply = macros.render_with("follow_up", &[name], &[], &facts).unwrap();
        assert!(reply.contains(&text) && reply.starts_with("안녕하세요"), "{reply}");
    }
    let not_offered = macros.paragraph("self_cancel_not_offered", &facts).unwrap();
    for lot in ["코엑스", "남이섬", "인천공항", "https://"] {
        assert!(!not_offered.contains(lot), "it would disclose which lot it is: {not_offered}");
    }
    // A customer who only asks who parked there is not told of theft, nor that a lot of our own is not ours.
    for name in ["who_was_it", "who_was_it_directly_operated"] {
        let text = macros.paragraph(name, &facts).unwrap();
        assert!(["도난", "도용", "복제"].iter().all(|word| !text.contains(word)), "{text}");
    }
    assert!(!macros.paragraph("who_was_it_directly_operated", &facts).unwrap().contains("운영"));
}

#[test]
fn what_is_asked_can_be_answered_by_a_number_that_is_understood() {
    let (macros, words) = (shipped(), Words::parse(include_str!("../../../config/words.toml")).unwrap());
    assert_eq!(macros.check_choices(&words), Ok(()));
    let without = |name: &str, from: &str, to: &str| {
        let edit = |(file, text): (String, String)| {
            let text = if file == name { text.replace(from, to) } else { text };
            (file, text)
        };
        let files: Vec<_> = shipped_files().into_iter().map(edit).collect();
        Macros::parse(&files).unwrap().check_choices(&words).unwrap_err()
    };
    for (name, from, to) in [
        ("question_identity", "2. 아니요, 본인이 아닙니다.", "2. 아니면 뭐라도"),
        ("question_vehicle", "1. 네, 이용하는 차량입니다.", "1. 어쩌면"),
        ("question_both", "1. 네, 둘 다 맞습니다.", "1. 네, 본인입니다."),
    ] {
        let [(_, problem)] = &without(name, from, to)[..] else { panic!("{name}") };
        assert!(
            problem.what.contains(&format!("`{name}`에 모두 알아듣는 답의 목록이 없습니다")),
            "{}",
            problem.what
        );
    }
}

#[test]
fn the_plate_is_not_told_before_it_is_known_who_writes() {
    for (name, text) in shipped_files() {
        let anyone = text.contains("audience = \"anyone\"");
        assert!(!anyone || !text.contains("parking."), "{name}");
    }
}

#[test]
fn what_a_macro_must_mention_cannot_be_taken_out_of_it() {
    for (name, text) in shipped_files() {
        let (head, body) = ["comment_value = ", "\ntext = "]
            .iter()
            .find_map(|key| {
                text.split_once(key).map(|(head, body)| (format!("{head}{key}"), body.to_owned()))
            })
            .unwrap();
        let shipped = shipped();
        let wording = shipped.get(&name).map(|found| &found.wording);
        let paragraph = shipped.paragraphs().find(|(paragraph, _)| *paragraph == name);
        let wording = wording.or(paragraph.map(|(_, found)| &found.wording)).unwrap();
        assert!(!wording.must_mention.is_empty(), "{name}");
        for mention in &wording.must_mention {
            assert!(body.contains(&mention.text), "{name}: {}", mention.text);
            let without = format!("{head}{}", body.replace(&mention.text, "…"));
            let problems = Macros::parse(&[(name.clone(), without.clone())]).unwrap_err();
            let lost =
                problems.iter().find(|(_, problem)| problem.what.contains(&format!("`{}`", mention.text)));
            let (_, problem) = lost.unwrap_or_else(|| panic!("{name}, {}: {problems:#?}", mention.text));
            assert!(problem.what.ends_with(&mention.why), "{}", problem.what);
            assert!(without[problem.at.clone().unwrap()].contains(&mention.text), "{problem:?}");
        }
    }
}

#[test]
fn a_reply_reads_as_it_is_sent() {
    insta::assert_snapshot!(render("payment_cancelled", &parking_use(UseStatus::Completed)), @r"
    안녕하세요, 고객님. 카카오 T 고객센터입니다.

    이용하지 않으신 주차장의 요금이 결제되어 많이 당황하셨겠습니다. 불편을 드려 진심으로 사과드립니다.

    확인해 보니 2026년 11월 20일(금) 오후 2시 5분, 서울 강남구 역삼동의 한 주차장에 고객님의 차량이 입차한 것으로 기록되어 요금이 결제되었습니다. 주차장의 번호판 인식 카메라는 빛 반사나 촬영 각도에 따라 번호가 비슷한 다른 차량을 고객님의 차량으로 잘못 인식하기도 하는데, 이번 건도 그런 경우로 보입니다.

    결제된 12,000원은 전액 결제취소해 드렸습니다. 카드사에 따라 취소 내역이 확인되기까지 영업일 3~5일이 걸릴 수 있으니 양해 부탁드립니다. 같은 일이 반복되지 않도록 해당 주차장에 인식 기기 점검을 요청했으며, 더 나은 서비스를 위해 계속 노력하겠습니다.

    불편을 드린 점 다시 한번 사과드리며, 더 궁금하신 점이 있으면 언제든지 문의해 주세요.

    감사합니다.
    카카오 T 고객센터 드림
    ");
}

/// The problems of one macro file, each with the text at its place.
fn problems_of(text: &str) -> Vec<(Problem, Option<String>)> {
    let problems =
        Macros::parse(&[("test".to_owned(), text.to_owned())]).expect_err("the macro must be refused");
    let place = |problem: &Problem| problem.at.clone().map(|at| text[at].to_owned());
    problems
        .into_iter()
        .map(|(file, problem)| {
            assert_eq!(file, "test");
            let at = place(&problem);
            (problem, at)
        })
        .collect()
}

fn with_text(text: &str) -> String {
    format!(
        "title = 't'\naudience = 'holder'\nmust_mention = [{{ text = '안녕하세요', why = '인사' }}]\n[actions]\n\
         comment_mode_is_public = true\ncomment_value = \"\"\"\n안녕하세요.\n{text}\n\"\"\"\n"
    )
}

#[test]
fn what_is_not_in_the_closed_grammar_is_told_with_its_place() {
    for (text, place, what) in [
        ("{{ parking.lot.name }}", "{{ parking.lot.name }}", "자리표시자 `parking.lot.name`은(는) 없습니다"),
        ("{{ parking.amount | upper }}", "{{ parking.amount | upper }}", "자리표시자 `"),
        ("{{- parking.amount }}", "{{- parking.amount }}", "자리표시자 `"),
        ("{% for x in y %}{% endfor %}", "{% for x in y %}", "매크로에 쓸 수 없습니다"),
        ("{% include 'x' %}", "{% include 'x' %}", "매크로에 쓸 수 없습니다"),
        ("{% raw %}", "{% raw %}", "매크로에 쓸 수 없습니다"),
        ("{# hidden #}", "{# hidden #}", "매크로에 쓸 수 없습니다"),
        ("{# hidden", "{#", "`{#`을(를) `#}`(으)로 닫지 않았습니다"),
        (
            "{% if parking.amonut %}x{% endif %}",
            "{% if parking.amonut %}",
            "자리표시자 `parking.amonut`은(는) 없습니다",
        ),
        ("{% if parking.amount %}x", "{% if parking.amount %}", "이 `{% if %}`에 `{% endif %}`가 없습니다"),
        ("x{% endif %}", "{% endif %}", "`{% if %}` 없이 `{% endif %}`"),
        ("{% else %}", "{% else %}", "`{% if %}` 없이 `{% else %}`"),
        ("{{ parking.amount", "{{", "`{{`을(를) `}}`(으)로 닫지 않았습니다"),
        ("{{ parking.amount\n{{ parking.plate }}", "{{", "`{{`을(를) `}}`(으)로 닫지 않았습니다"),
        ("{% if parking.amount\n%}x{% endif %}", "{%", "`{%`을(를) `%}`(으)로 닫지 않았습니다"),
    ] {
        let problems = problems_of(&with_text(text));
        let found = problems
            .iter()
            .find(|(problem, _)| problem.what.contains(what))
            .unwrap_or_else(|| panic!("{text}: {problems:#?}"));
        assert_eq!(found.1.as_deref(), Some(place), "{text}");
    }
    let (unknown, _) = &problems_of(&with_text("{{ x }}"))[0];
    assert!(unknown.help.as_ref().unwrap().contains("`parking.place`"));
}

#[test]
fn a_macro_must_be_a_public_reply_with_a_title_a_text_and_a_possible_status() {
    let fine = with_text("본문");
    assert!(Macros::parse(&[("test".to_owned(), fine.clone())]).is_ok());
    for (from, to, what) in [
        ("title = 't'", "", "`title`이 없습니다"),
        ("comment_mode_is_public = true", "comment_mode_is_public = false", "공개여야 합니다"),
        ("comment_mode_is_public = true", "", "공개인지 적혀 있지 않습니다"),
        (
            "[actions]",
            "[actions]\nstatus = 'closed'",
            "모르는 값 `closed`입니다. 쓸 수 있는 값: `open`, `pending`, `hold`, `solved`",
        ),
        ("[actions]", "[actions]\ngroup_id = 'agents'", "따옴표로 묶은 그룹 번호"),
        ("[actions]", "[actions]\ncurrent_tag = 'x'", "모르는 키 `current_tag`입니다. 쓸 수 있는 키: "),
        ("comment_value", "comment_value_html", "모르는 키 `comment_value_html`"),
        ("안녕하세요.\n본문\n", "", "글이 없습니다"),
        ("title = 't'", "title = ", "string"),
        ("audience = 'holder'", "", "누가 읽을 수 있는 글인지 적혀 있지 않습니다"),
        ("'holder'", "'customer'", "모르는 값 `customer`입니다. 쓸 수 있는 값: `anyone`, `holder`"),
        ("must_mention = [{ text = '안녕하세요', why = '인사' }]", "", "꼭 알릴 말이 적혀 있지 않습니다"),
        ("[{ text = '안녕하세요', why = '인사' }]", "[]", "`must_mention`이 비어 있습니다"),
        (", why = '인사'", "", "`text`와 `why`를 씁니다"),
        ("text = '안녕하세요', ", "", "`text`와 `why`를 씁니다"),
        ("text = '안녕하세요'", "text = '{{ parking.price }}'", "자리표시자 `parking.price`은(는) 없습니다"),
        (
            "text = '안녕하세요'",
            "text = '{% if parking.amount %}x{% endif %}'",
            "`{% if %}`를 쓸 수 없습니다",
        ),
        ("title = 't'", "title = 't'\ntext = 'x'", "`text`가 아니라"),
        ("title = 't'", "title = 't'\nkind = 'paragraph'", "`[actions]`를 쓸 수 없습니다"),
        ("title = 't'", "title = 't'\nkind = 'page'", "모르는 값 `page`"),
    ] {
        let problems = problems_of(&fine.replacen(from, to, 1));
        assert!(problems.iter().any(|(problem, _)| problem.what.contains(what)), "{what}: {problems:#?}");
    }
}

#[test]
fn a_text_that_lost_what_it_must_mention_is_told_with_the_reason_at_the_place_that_demands_it() {
    for (text, what) in [
        ("{{ parking.amount }}원", None),
        ("{{parking.amount}}\n원", Some("꼭 알릴 말 `{{ parking.amount }}원`이(가) 글에 없습니다: 금액")),
        ("{{ parking.plate }}원", Some("꼭 알릴 말 `{{ parking.amount }}원`이(가) 글에 없습니다: 금액")),
        (
            "{% if parking.amount %}{{ parking.amount }}원{% endif %}",
            Some("꼭 알릴 말 `{{ parking.amount }}원`이(가) 어떤 경우에는 글에 없습니다: 금액"),
        ),
        (
            "{% if parking.exited_at %}{{ parking.amount }}원{% else %}요금 {{ parking.amount }}원{% endif %}",
            None,
        ),
        (
            "{% if parking.exited_at %}{{ parking.amount }}원{% else %}원{% endif %}",
            Some("꼭 알릴 말 `{{ parking.amount }}원`이(가) 어떤 경우에는 글에 없습니다: 금액"),
        ),
    ] {
        let file = with_text(text).replacen(
            "'안녕하세요', why = '인사'",
            "'{{ parking.amount }}원', why = '금액'",
            1,
        );
        let Some(what) = what else {
            assert!(Macros::parse(&[("test".to_owned(), file)]).is_ok(), "{text}");
            continue;
        };
        let problems = problems_of(&file);
        let [(problem, place)] = &problems[..] else { panic!("{problems:#?}") };
        assert!(problem.what.ends_with(what), "{text}: {}", problem.what);
        assert_eq!(place.as_deref(), Some("'{{ parking.amount }}원'"), "{text}");
    }
}

#[test]
fn a_text_for_anyone_names_no_fact_of_the_use_not_even_as_a_question() {
    let anyone = |text: &str| with_text(text).replacen("'holder'", "'anyone'", 1);
    assert!(
        Macros::parse(&[("test".to_owned(), anyone("{{ ticket.requester.name }} {{ ticket.id }}"))]).is_ok()
    );
    for place in
        ["{{ parking.place }}", "{{ parking.region }}", "{{ parking.plate }}", "{{ parking.entered_at }}"]
    {
        let problems = problems_of(&anyone(place));
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert!(problems[0].0.what.contains("이용 건의 정보인데, 이 글은 누구나 읽습니다"));
        assert_eq!(problems[0].1.as_deref(), Some(place));
    }
    let problems = problems_of(&anyone("{% if parking.amount %}결제하신 {% endif %}건"));
    assert_eq!(problems[0].1.as_deref(), Some("{% if parking.amount %}"));
}

#[test]
fn a_paragraph_is_a_text_without_actions_and_without_paragraphs_in_it() {
    let paragraph = |text: &str| {
        format!(
            "kind = 'paragraph'\ntitle = 't'\naudience = 'holder'\nmust_mention = [{{ text = '안', why = 'w' }}]\n{text}"
        )
    };
    let read = Macros::parse(&[("test".to_owned(), paragraph("text = '안 {{ parking.place }}'"))]).unwrap();
    assert!(read.get("test").is_none() && read.paragraphs().count() == 1);
    let nested = problems_of(&paragraph("text = '안 {% if reply.paragraphs %}x{% endif %}'"));
    assert_eq!(nested[0].0.what, "문단은 답변의 한 부분이어서 다른 문단이나 질문을 넣을 수 없습니다");
    assert_eq!(problems_of(&paragraph(""))[0].0.help.as_deref(), Some("`text`에 쓰세요"));
}

#[test]
fn several_mistakes_in_several_macros_are_told_at_once() {
    let files = [
        ("a".to_owned(), with_text("{{ x }} {{ y }}")),
        ("b".to_owned(), "tilte = 't'\nmore = 1\n".to_owned()),
    ];
    let files: Vec<String> = Macros::parse(&files).unwrap_err().into_iter().map(|(file, _)| file).collect();
    // Two unknown keys, and five missing ones.
    assert_eq!(files, ["a", "a", "b", "b", "b", "b", "b", "b", "b"]);
}

#[test]
fn tags_and_group_are_read_as_zendesk_writes_them() {
    let text = with_text("본문").replacen(
        "[actions]",
        "[actions]\ngroup_id = '98738'\ncurrent_tags = 'a b'\nremove_tags = 'c'",
        1,
    );
    let macros = Macros::parse(&[("test".to_owned(), text)]).unwrap();
    let found = macros.get("test").unwrap();
    assert_eq!((found.does.group_id, found.does.status), (Some(98_738), None));
    assert_eq!(
        (&found.does.add_tags[..], &found.does.remove_tags[..]),
        (&["a".to_owned(), "b".to_owned()][..], &["c".to_owned()][..])
    );
}

proptest! {
    #[test]
    fn without_verified_ownership_no_reply_contains_the_lots_name(
        name in "[가-힣]{1,4} ?[A-Z가-힣0-9]{0,3}쥬챠쟝",
        closed: bool,
        direct: bool,
        incheon: bool,
        seconds in 0_i64..4_000_000_000,
        status in prop_oneof![Just(UseStatus::InUse), Just(UseStatus::Completed), Just(UseStatus::Unpaid), Just(UseStatus::CancelledByCustomer)],
    ) {
        let mut parking_use = parking_use(status);
        parking_use.lot.name.clone_from(&name);
        parking_use.lot.closed = closed;
        parking_use.lot.operation = if direct { Operation::Direct } else { Operation::Partner };
        parking_use.lot.airport = incheon.then_some(Airport::Incheon);
        parking_use.entered_at = Timestamp::from_second(seconds).unwrap();
        let macros = shipped();
        let facts = ReplyFacts { ticket_id: TicketId::try_from(1).unwrap(), requester_name: "김하늘", parking_use: Some(&parking_use), is_first: true, is_answer: false, is_letter: true };
        for (macro_name, found) in macros.iter() {
            for (paragraph, own) in macros.paragraphs() {
                let with = if found.wording.takes_paragraphs() { &[paragraph][..] } else { &[] };
                let audiences = [found.wording.audience, own.wording.audience];
                let for_the_holder = audiences[..=with.len()].contains(&Audience::Holder);
                let asks = match found.wording.audience {
                    Audience::Holder => Question::Vehicle,
                    Audience::Anyone => Question::Identity,
                };
                if let Ok(reply) = macros.render_with(macro_name, with, &[asks], &facts) {
                    prop_assert!(!reply.contains(&name), "{reply}");
                    let of_the_use = ["서울 강남구 역삼동", "12가3456", "12,000원"].iter().any(|fact| reply.contains(fact));
                    prop_assert!(for_the_holder || !of_the_use, "{}", reply);
                    prop_assert!(of_the_use || found.wording.audience == Audience::Anyone, "{}", reply);
                }
            }
            let to_anyone = ReplyFacts { parking_use: None, ..facts };
            let told = macros.render(macro_name, &to_anyone);
            prop_assert!(found.wording.audience == Audience::Anyone || told.is_err(), "{told:?}");
        }
        let mut verified = parking_use.clone();
        verified.vehicle.ownership_verified = true;
        let facts = ReplyFacts { parking_use: Some(&verified), ..facts };
        prop_assert!(macros.render("use_cancelled", &facts).unwrap().contains(&name));
    }
}

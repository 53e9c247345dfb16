//! Tests what replies say and what they must never say.

mod html;

use jiff::Timestamp;
use misread::domain::ids::TicketId;
use misread::domain::parking::{ParkingUse, Won};
use misread::domain::problem::Problem;
use misread::domain::reply::{Macros, Placeholder, RenderError, ReplyFacts, outgoing};
use proptest::prelude::*;

use super::parking_use;

const HEAD: &str = "title = 't'\naudience = 'holder'\nmust_mention = [{ text = '끝', why = 'w' }]\n";

fn macros(text: &str) -> Macros {
    let file =
        format!("{HEAD}[actions]\ncomment_mode_is_public = true\ncomment_value = '''\n끝 {text}\n'''\n");
    Macros::parse(&[("test".to_owned(), file)]).unwrap()
}

fn render(text: &str, parking_use: &ParkingUse, requester_name: &str) -> Result<String, RenderError> {
    let ticket_id = TicketId::try_from(35_436).unwrap();
    let facts = ReplyFacts {
        ticket_id,
        requester_name,
        parking_use: Some(parking_use),
        is_first: true,
        is_answer: false,
        is_letter: true,
    };
    let reply = macros(text).render("test", &facts)?;
    Ok(reply.strip_prefix("끝").unwrap().trim_start().to_owned())
}

#[test]
fn every_placeholder_is_rendered_in_the_customers_words() {
    let parts = [Placeholder::Paragraphs, Placeholder::Questions];
    let conditions = [Placeholder::IsFirst, Placeholder::IsAnswer, Placeholder::IsLetter];
    let known = Placeholder::ALL
        .iter()
        .filter(|placeholder| !parts.contains(placeholder) && !conditions.contains(placeholder));
    let placeholders = known.map(|placeholder| format!("{{{{ {} }}}}", placeholder.path()));
    let text = placeholders.collect::<Vec<_>>().join(
        "
",
    );
    assert_eq!(
        render(&text, &parking_use(), "김하늘").unwrap(),
        "35436\n김하늘\n2026년 11월 20일(금) 오후 2시 5분\n2026년 11월 21일(토) 오전 12시\n12,000원\n12가3456\n\
         서울 강남구 역삼동의 한 주차장\n서울 강남구 역삼동"
    );
}

#[test]
fn the_lots_name_is_said_only_when_ownership_is_verified() {
    let mut verified = parking_use();
    verified.vehicle.ownership_verified = true;
    assert_eq!(render("{{ parking.place }}", &verified, "").unwrap(), "역삼 하늘 주차장");
    assert_eq!(render("{{ parking.place }}", &parking_use(), "").unwrap(), "서울 강남구 역삼동의 한 주차장");
}

#[test]
fn a_first_text_a_later_one_and_a_line_of_a_chat_read_differently() {
    let text = "{% if reply.is_letter %}\n안녕하세요\n{% endif %}\n{% if reply.is_first %}\n사과\n{% endif %}\n\
                {% if reply.is_answer %}\n감사\n{% endif %}\n끝";
    let (macros, parking_use) = (macros(text), parking_use());
    let read = |is_first, is_answer, is_letter| {
        let ticket_id = TicketId::try_from(1).unwrap();
        let parking_use = Some(&parking_use);
        let facts = ReplyFacts { ticket_id, requester_name: "", parking_use, is_first, is_answer, is_letter };
        let reply = macros.render("test", &facts).unwrap();
        reply.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(read(true, false, true), ["끝", "안녕하세요", "사과", "끝"]);
    assert_eq!(read(false, true, true), ["끝", "안녕하세요", "감사", "끝"]);
    assert_eq!(read(true, false, false), ["끝", "사과", "끝"]);
}

/// A macro for any reader with this text, which must mention 사과 if it is the first.
fn apologising(text: &str) -> Result<Macros, Vec<(String, Problem)>> {
    let head = "title = 't'\naudience = 'anyone'\n\
                must_mention = [{ text = '사과', why = 'w', first = true }]\n[actions]\ncomment_mode_is_public = true\n";
    Macros::parse(&[("test".to_owned(), format!("{head}comment_value = \"\"\"\n{text}\n\"\"\"\n"))])
}

#[test]
fn what_only_the_first_text_must_mention_may_be_left_out_of_the_others() {
    assert!(apologising("{% if reply.is_first %}\n사과\n{% endif %}\n끝").is_ok());
    assert!(apologising("{% if reply.is_answer %}\n사과\n{% endif %}\n끝").is_err());
    assert!(apologising("끝").is_err());
}

#[test]
fn a_condition_is_not_printed() {
    let problems = apologising("사과 {{ reply.is_first }}").unwrap_err();
    assert!(problems[0].1.what.contains("조건이어서 글로 쓸 수 없습니다"), "{problems:?}");
}

#[test]
fn midnight_and_noon_are_read_the_korean_way() {
    let mut use_at = parking_use();
    for (at, korean) in [
        ("2026-01-01T00:07:00+09:00", "2026년 1월 1일(목) 오전 12시 7분"),
        ("2026-01-01T12:00:00+09:00", "2026년 1월 1일(목) 오후 12시"),
        ("2026-12-31T23:59:59+09:00", "2026년 12월 31일(목) 오후 11시 59분"),
    ] {
        use_at.entered_at = at.parse::<Timestamp>().unwrap();
        assert_eq!(render("{{ parking.entered_at }}", &use_at, "").unwrap(), korean);
    }
}

#[test]
fn amounts_are_grouped_by_thousands() {
    let mut charged = parking_use();
    for (won, korean) in
        [(0, "0원"), (900, "900원"), (1_000, "1,000원"), (1_234_567, "1,234,567원"), (-5_000, "-5,000원")]
    {
        charged.amount = Some(Won(won));
        assert_eq!(render("{{ parking.amount }}", &charged, "").unwrap(), korean);
    }
}

#[test]
fn a_fact_that_is_missing_stops_the_reply_unless_the_macro_asks_first() {
    let mut running = parking_use();
    running.amount = None;
    let error = render("요금 {{ parking.amount }}", &running, "").unwrap_err();
    assert_eq!(error, RenderError::Missing { name: "test".into(), placeholder: "parking.amount" });
    let asking = "요금\n{% if parking.amount %}\n{{ parking.amount }}\n{% else %}\n없음\n{% endif %}\n끝";
    assert_eq!(render(asking, &running, "").unwrap(), "요금\n없음\n끝");
    assert_eq!(render(asking, &parking_use(), "").unwrap(), "요금\n12,000원\n끝");
    running.lot.region = " ".into();
    assert!(matches!(render("{{ parking.place }}", &running, ""), Err(RenderError::Missing { .. })));
}

#[test]
fn a_macro_that_does_not_exist_is_named() {
    let use_ = parking_use();
    let facts = ReplyFacts {
        ticket_id: TicketId::try_from(1).unwrap(),
        requester_name: "",
        parking_use: Some(&use_),
        is_first: true,
        is_answer: false,
        is_letter: true,
    };
    assert_eq!(macros("x").render("y", &facts), Err(RenderError::UnknownMacro("y".into())));
}

#[test]
fn a_customers_name_is_never_a_template() {
    let reply =
        render("{{ ticket.requester.name }}님", &parking_use(), "{{ticket.id}}\n{% if x %}{{{").unwrap();
    assert_eq!(reply, "{ {ticket.id}} { % if x %}{ { {님");
}

#[test]
fn a_reply_longer_than_zendesk_takes_is_refused() {
    let name = "가".repeat(40_000);
    assert!(matches!(
        render("{{ ticket.requester.name }}", &parking_use(), &name),
        Err(RenderError::Failed { .. })
    ));
}

proptest! {
    #[test]
    fn nothing_that_zendesk_would_render_is_left_in_outgoing_text(text in "[{}%a가 \n]{0,40}|\\PC{0,40}") {
        let safe = outgoing(text.clone());
        prop_assert!(!safe.contains("{{") && !safe.contains("{%"), "{safe:?}");
        prop_assert_eq!(outgoing(safe.clone()), safe.clone());
        let signs = |text: &str| text.chars().filter(|sign| *sign != ' ').collect::<String>();
        prop_assert_eq!(signs(&safe), signs(&text));
    }

    #[test]
    fn any_template_is_refused_or_renders_without_a_panic(text in "([a가 \n]|\\{\\{ ?(parking.amount|parking.place|x) ?\\}\\}|\\{% ?(if parking.amount|else|endif|for) ?%\\}|[{}%#'-]){0,12}") {
        let file = format!("{HEAD}[actions]\ncomment_mode_is_public = true\ncomment_value = \"\"\"\n끝{text}\"\"\"\n");
        if let Ok(read) = Macros::parse(&[("test".to_owned(), file)]) {
            let parking_use = parking_use();
            let facts = ReplyFacts { ticket_id: TicketId::try_from(1).unwrap(), requester_name: "", parking_use: Some(&parking_use), is_first: true, is_answer: false, is_letter: true };
            let reply = read.render("test", &facts).unwrap();
            prop_assert!(!reply.contains("{{") && !reply.contains("{%"), "{reply:?}");
        }
    }
}

/// The shipped layout for paragraphs in a macro, with one paragraph for any reader and one for the holder.
fn with_paragraphs() -> Macros {
    let paragraph = |audience: &str, text: &str| {
        format!(
            "kind = 'paragraph'\ntitle = 't'\naudience = '{audience}'\n\
             must_mention = [{{ text = '안내', why = 'w' }}]\ntext = '{text}'\n"
        )
    };
    let reply = |audience: &str, text: &str| {
        format!(
            "title = 't'\naudience = '{audience}'\nmust_mention = [{{ text = '끝', why = 'w' }}]\n\
             [actions]\ncomment_mode_is_public = true\ncomment_value = \"\"\"{text}\"\"\"\n"
        )
    };
    let place = "안녕\n\n{% if reply.paragraphs %}\n{{ reply.paragraphs }}\n\n{% endif %}\n끝";
    let files = [
        ("open", reply("anyone", place)),
        ("shut", reply("anyone", "끝")),
        ("only", reply("anyone", "{{ reply.paragraphs }} 끝")),
        ("own", reply("holder", place)),
        ("way", paragraph("anyone", "길 안내 {{ ticket.requester.name }}")),
        ("place", paragraph("holder", "{{ parking.place }} 안내")),
    ];
    Macros::parse(&files.map(|(name, text)| (name.to_owned(), text))).unwrap()
}

#[test]
fn paragraphs_stand_where_the_macro_has_its_place_for_them_and_leave_no_gap_when_there_are_none() {
    let (macros, parking_use) = (with_paragraphs(), parking_use());
    let ticket_id = TicketId::try_from(1).unwrap();
    let facts = ReplyFacts {
        ticket_id,
        requester_name: "{{하늘",
        parking_use: Some(&parking_use),
        is_first: true,
        is_answer: false,
        is_letter: true,
    };
    assert_eq!(macros.render("open", &facts).unwrap(), "안녕\n\n끝");
    assert_eq!(
        macros.render_with("open", &["place", "way"], &[], &facts).unwrap(),
        "안녕\n\n서울 강남구 역삼동의 한 주차장 안내\n\n길 안내 { {하늘\n\n끝"
    );
    assert_eq!(macros.paragraph("place", &facts).unwrap(), "서울 강남구 역삼동의 한 주차장 안내");
    let fails = |name, paragraphs: &[&str]| macros.render_with(name, paragraphs, &[], &facts).unwrap_err();
    assert_eq!(fails("shut", &["way"]), RenderError::TakesNoParagraphs("shut".into()));
    assert_eq!(fails("open", &["shut"]), RenderError::UnknownParagraph("shut".into()));
    assert_eq!(fails("way", &[]), RenderError::UnknownMacro("way".into()));
    assert_eq!(
        fails("only", &[]),
        RenderError::Missing { name: "only".into(), placeholder: "reply.paragraphs" }
    );
}

#[test]
fn who_is_not_established_as_the_holder_gets_only_what_is_for_anyone() {
    let macros = with_paragraphs();
    let ticket_id = TicketId::try_from(1).unwrap();
    let facts = ReplyFacts {
        ticket_id,
        requester_name: "하늘",
        parking_use: None,
        is_first: true,
        is_answer: false,
        is_letter: true,
    };
    assert_eq!(macros.render_with("open", &["way"], &[], &facts).unwrap(), "안녕\n\n길 안내 하늘\n\n끝");
    let refused = |name: &str| RenderError::OnlyForTheHolder(name.to_owned());
    assert_eq!(macros.render("own", &facts), Err(refused("own")));
    assert_eq!(macros.paragraph("place", &facts), Err(refused("place")));
    assert_eq!(macros.render_with("open", &["place"], &[], &facts), Err(refused("place")));
}

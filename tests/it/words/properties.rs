//! Properties of any text, and of every labelled utterance in any spelling.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use misread::domain::mail::own_words;
use misread::domain::words::{Answer, Asked, Question, Words};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::table::{SHIPPED, Utterance, WORDS, all_utterances};
use crate::long;

const QUESTIONS: [Question; 3] = [Question::Identity, Question::Vehicle, Question::Coupon];
/// Additions to an answer that do not change it.
const DECORATIONS: &[&str] = &[
    " ",
    "\n",
    ".",
    "!",
    "!!",
    "~",
    "^^",
    "ㅋㅋ",
    "ㅎㅎㅎ",
    "ㅠㅠ",
    "😊",
    "🙏",
    "👍🏻",
    ";;",
    "…",
    " 감사합니다",
    " 감사합니다!",
    " 수고하세요",
    "\n\n감사합니다.",
    " 빠른 처리 부탁드립니다",
    "\n좋은 하루 보내세요",
    "?",
];

static UTTERANCES: LazyLock<Vec<Utterance>> = LazyLock::new(all_utterances);

fn answers(asked: &[Question], text: &str) -> Vec<Answer> {
    let reading = WORDS.read(&Asked::of(asked), text);
    asked.iter().map(|question| reading.answers[question]).collect()
}

fn any_utterance() -> impl Strategy<Value = &'static Utterance> {
    (0..UTTERANCES.len()).prop_map(|index| &UTTERANCES[index])
}

/// Utterances by their answer to one question that was asked alone.
fn alone(question: Question, answer: Answer) -> Vec<&'static str> {
    // Text below quoted mail is not read: utterances with several lines are left out.
    let fits = |utterance: &&Utterance| {
        utterance.asked == [question] && utterance.answers == [answer] && !utterance.text.contains('\n')
    };
    UTTERANCES.iter().filter(fits).map(|utterance| utterance.text.as_str()).collect()
}

fn full_width(text: &str) -> String {
    let widen = |sign: char| match sign {
        '!'..='~' => char::from_u32(u32::from(sign) + 0xfee0).unwrap(),
        other => other,
    };
    text.chars().map(widen).collect()
}

/// Operations maintain the corrections: a wrong one must not hide what a person has to read.
#[test]
fn no_correction_hides_what_speaks_against_the_request() {
    let wrong = SHIPPED.replacen("standard = [\n", "standard = [\n  \"^들러서$ = 감사합니다\",\n", 1);
    assert_ne!(wrong, SHIPPED);
    let words = Words::parse(&wrong).unwrap();
    let asked = Asked::by(&words, &[Question::Identity], "");
    let settles = |text: &str| words.read(&asked, text).settles(Question::Identity);
    assert_eq!(settles("네 본인입니다. 감사합니다"), Some(Answer::Yes));
    let reading = words.read(&asked, "네 본인입니다. 들러서");
    assert!(!reading.against.is_empty(), "{reading:?}");
    assert_eq!(reading.settles(Question::Identity), None);
}

#[test]
fn decomposed_and_full_width_spelling_reads_the_same() {
    for Utterance { asked, text, .. } in UTTERANCES.iter() {
        let reading = WORDS.read(&Asked::of(asked), text);
        assert_eq!(WORDS.read(&Asked::of(asked), &text.nfd().collect::<String>()), reading, "{text}");
        assert_eq!(WORDS.read(&Asked::of(asked), &text.nfc().collect::<String>()), reading, "{text}");
        // Quote marks of mail are ordinary signs, also in full width.
        assert_eq!(WORDS.read(&Asked::of(asked), &full_width(text)), reading, "{text}");
    }
}

/// The service's question as a customer has it in the mail.
const OURS: &str = "안녕하세요, 고객님. 카카오 T 고객센터입니다.\n\n개인정보 보호를 위해 먼저 본인 확인을 부탁드립니다. 문의를 \
남기신 분이 카카오 T 계정의 가입자 본인이신가요?\n\n이 문의에 \"네\" 또는 \"아니요\"로 답해 주시면 확인하는 대로 이어서 도와드리겠습니다.\n\n\
감사합니다.\n카카오 T 고객센터 드림";

/// The additions of mail programs to an answer: `@` is the answer, `#` our text, `>` our text with each line marked.
const MAILS: &[&str] = &[
    "@\n\n#",
    "@\n\n>",
    "#\n\n@",
    "@\n\n2026년 11월 29일 (일) 오전 7:03, 고객센터 <support@centre.example>님이\n작성:\n\n>",
    "@\n\n-----Original Message-----\nFrom: 고객센터 <support@centre.example>\nSubject: 문의\n\n#",
    "@\n\n--------- 원본 메일 ---------\n보낸사람: 고객센터 <support@centre.example>\n제목: 문의\n\n#",
    "@\n\nOn Sun, Nov 29, 2026 at 7:03 AM Centre <support@centre.example> wrote:\n>",
    "@\n\n나의 Galaxy에서 보냄\n\n-------- 원본 메시지 --------\n보낸 사람: 고객센터\n날짜: 2026년 11월 29일\n\n#",
    "@\n\nSent from my iPhone\n\n>",
];

fn mail(form: &str, answer: &str) -> String {
    let marked: Vec<String> = OURS.lines().map(|line| format!("> {line}")).collect();
    let marks =
        form.replace('>', "\u{0}").replace("<support@centre.example\u{0}", "<support@centre.example>");
    marks
        .replace('\u{0}', &marked.join("\n"))
        .replace('#', OURS)
        .replace('@', "\u{1}")
        .replace("support\u{1}centre", "support@centre")
        .replace('\u{1}', answer)
}

/// A quotation of any of our texts around an answer never reverses its meaning.
#[test]
fn quoting_our_text_around_an_answer_never_turns_it() {
    let (mut kept, mut all) = (0, 0);
    for Utterance { asked, text, .. } in UTTERANCES.iter().step_by(long::step(4)) {
        let alone = WORDS.read(&Asked::of(asked), &own_words(text, &[OURS]).text);
        for form in MAILS {
            let own = own_words(&mail(form, text), &[OURS]);
            let quoted = WORDS.read(&Asked::of(asked), &own.text);
            for (question, answer) in &quoted.answers {
                let same = *answer == alone.answers[question] || *answer == Answer::Unclear;
                assert!(same || own.doubtful, "{form}: {question:?} of {text:?} became {answer:?}");
            }
            kept += usize::from(quoted == alone);
            all += 1;
        }
    }
    assert!(100 * kept >= 90 * all, "only {kept} of {all} read as if nothing were quoted");
}

/// Below the header of another mail the author of the words is uncertain, unless the quoted lines are marked.
#[test]
fn what_stands_below_a_header_without_marks_is_doubted() {
    for history in [
        "\n\n-----Original Message-----\n네 본인이고 제 차 맞아요. 쿠폰 주세요\n매번 문의해야 하나요?",
        "\n\n2026년 7월 1일 (수) 오후 3:00, 고객센터 <help@example.com>님이 작성:\n본인 아니에요. 주차패스 해지해 주세요",
        // Marked, but without a header of a mail program: the quoted text is not ours.
        "\n\n> 아니요",
        "\n보낸 사람: 고객센터 <help@example.com>\n제목: 문의\n아니요 쿠폰 싫어요",
    ] {
        assert!(own_words(&format!("네{history}"), &[]).doubtful, "{history}");
    }
    for plain in [
        "네",
        "네, 답변드립니다.\n\n2026년 11월 29일 (일) 오전 7:03, 고객센터 <a@b.kr>님이 작성:\n> 본인이신가요?\n아니요",
    ] {
        assert!(!own_words(plain, &[]).doubtful, "{plain}");
    }
}

/// A sign that reverses an answer does so in every encoding: decomposed, full width.
#[test]
fn a_reversing_sign_is_seen_in_every_encoding() {
    for text in ["본인 ≠ 저", "본인 != 저", "~~네 본인입니다~~", "네 ( ) 본인입니다", "본인입니다 ❌"]
    {
        for written in [text.to_owned(), text.nfd().collect(), full_width(text)] {
            let reading = WORDS.read(&Asked::of(&[Question::Identity]), &format!("네 본인입니다\n{written}"));
            assert_eq!(reading.settles(Question::Identity), None, "{written}");
            assert_eq!(reading.answers[&Question::Identity], Answer::Unclear, "{written}");
        }
    }
    assert_eq!(
        WORDS.read(&Asked::of(&[Question::Identity]), "네 본인입니다").settles(Question::Identity),
        Some(Answer::Yes)
    );
}

/// The time of reading grows with the length of a message, also without blanks, and not with its cube.
#[test]
fn the_longest_message_is_read_in_a_moment() {
    for words in ["네예", "본인", "가", "맞는데요아닌데요"] {
        let text: String = words.chars().cycle().take(4_000).collect();
        let begun = Instant::now();
        let reading = WORDS.read(&Asked::of(&QUESTIONS), &text);
        assert!(reading.answers.keys().eq(&QUESTIONS), "{words}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{words} takes {:?}", begun.elapsed());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: long::cases(64, 256), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_panic_and_every_question_gets_an_answer(
        text in prop_oneof![any::<String>(), "[네아니요본인맞차제거 고데ㅇㄴㅋㅠ?.,!>…\n-]{0,40}", "(\\PC|\u{1112}|\u{1161}|\u{11ab}){0,20}"],
    ) {
        let reading = WORDS.read(&Asked::of(&QUESTIONS), &text);
        prop_assert!(reading.answers.keys().eq(&QUESTIONS));
        prop_assert!(WORDS.read(&Asked::default(), &text).answers.is_empty());
    }

    #[test]
    fn decoration_never_turns_an_answer_round(
        utterance in any_utterance(),
        before in prop::sample::select(&["", " ", "\n", "😊", "ㅎㅎ ", "안녕하세요. ", "음.. "][..]),
        after in prop::collection::vec(prop::sample::select(DECORATIONS), 1..5),
    ) {
        let plain = answers(&utterance.asked, &utterance.text);
        let text = format!("{before}{}{}", utterance.text, after.concat());
        for (plain, decorated) in plain.iter().zip(answers(&utterance.asked, &text)) {
            let turned = matches!((plain, decorated), (Answer::Yes, Answer::No) | (Answer::No, Answer::Yes));
            prop_assert!(!turned, "{plain:?} became {decorated:?}: {text:?}");
        }
    }

    #[test]
    fn who_says_both_yes_and_no_is_never_taken_at_yes(
        question in prop::sample::select(&QUESTIONS[..]),
        (yes, no) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        no_first in any::<bool>(),
    ) {
        let (yes, no) = (*yes.get(&alone(question, Answer::Yes)), *no.get(&alone(question, Answer::No)));
        let text = if no_first { format!("{no}\n{yes}") } else { format!("{yes}\n{no}") };
        prop_assert_ne!(answers(&[question], &text), [Answer::Yes], "{:?}", text);
    }

    #[test]
    fn what_is_not_understood_is_left_to_a_person(
        utterance in any_utterance(),
        beside in prop_oneof![
            prop::sample::select(&["환불이 아직 안 됐어요", "전화 주세요", "3000원이요", "왜요?", "경찰에 신고할게요", "아니 근데"][..])
                .prop_map(str::to_owned),
            "[삵뷁넋]{1,3}[가-힣]{0,4}",
        ],
        before in any::<bool>(),
        separator in prop::sample::select(&[" ", ". ", "\n", ", "][..]),
    ) {
        prop_assume!(!utterance.text.contains('\n'));
        let text = if before { format!("{beside}{separator}{}", utterance.text) } else { format!("{}{separator}{beside}", utterance.text) };
        prop_assert!(!WORDS.read(&Asked::of(&utterance.asked), &text).nothing_else, "{:?}", text);
    }

    #[test]
    fn thanks_alone_leave_nothing_else(utterance in any_utterance()) {
        let reading = WORDS.read(&Asked::of(&utterance.asked), &utterance.text);
        prop_assert!(reading.nothing_else || !reading.only_thanks, "{:?}", utterance.text);
    }
}

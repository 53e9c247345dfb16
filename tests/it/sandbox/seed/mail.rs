//! A customer's answer by mail, with our text in it.

use misread::sandbox::seed::{Mail, Quote};

const OURS: &str = "안녕하세요.\n\n본인이신가요?\n\n감사합니다.\n";

#[test]
fn an_answer_stands_where_the_question_was() {
    let mail = Mail { quote: Quote::Around, ..Mail::of("네") };
    assert_eq!(mail.text(OURS), "> 안녕하세요.\n>\n> 본인이신가요?\n\n네\n\n>\n> 감사합니다.");
    assert_eq!(mail.text("본인이신가요?"), "> 본인이신가요?\n\n네");
}

#[test]
fn our_text_below_an_answer_bears_no_mark() {
    let mail = Mail { quote: Quote::Below, ..Mail::of("네") };
    assert_eq!(mail.text(OURS), "네\n\n안녕하세요.\n\n본인이신가요?\n\n감사합니다.");
    assert_eq!(Mail::of("네").text(OURS), "네");
}

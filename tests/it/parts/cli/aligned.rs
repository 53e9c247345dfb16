use misread::cli::aligned::{line, widths, wrap};

#[test]
fn hangul_takes_two_cells_and_latin_one() {
    let rows = [vec!["미수".to_owned(), "a".to_owned()], vec!["open".to_owned(), "나".to_owned()]];
    assert_eq!(widths(&rows), [4, 2]);
    assert_eq!(line(&rows[0], &widths(&rows)), "미수  a");
    assert_eq!(line(&["가".to_owned(), "b".to_owned()], &[4, 2]), "가    b");
}

#[test]
fn a_text_is_broken_at_blanks_and_a_long_word_stands_alone() {
    assert_eq!(wrap("가나 다라 abc", 9), ["가나 다라", "abc"]);
    assert_eq!(wrap("a 가나다라마바사 b", 5), ["a", "가나다라마바사", "b"]);
    assert_eq!(wrap(" ", 5), [""; 0]);
}

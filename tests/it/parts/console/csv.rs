use misread::console::csv::{Cell, Table};

#[test]
fn no_text_is_a_formula_and_none_leaves_its_cell() {
    let mut table = Table::with_heads(["티켓", "까닭"]);
    for text in ["=1+1", " =cmd|'/c calc'!A0", "@SUM(A1)", "\t-2", "＝1", "a\"b,\r\nc", "막힘"] {
        table.add([Cell::Number(-5), text.into()]);
    }
    assert_eq!(
        table.text(),
        "\u{feff}\"티켓\",\"까닭\"\r\n-5,\"'=1+1\"\r\n-5,\"' =cmd|'/c calc'!A0\"\r\n-5,\"'@SUM(A1)\"\r\n-5,\"'\t-2\"\r\n\
         -5,\"'＝1\"\r\n-5,\"a\"\"b,\r\nc\"\r\n-5,\"막힘\"\r\n"
    );
}

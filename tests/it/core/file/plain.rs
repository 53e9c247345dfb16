use misread::domain::file::plain::{syntax, value};

#[test]
fn what_is_wrong_with_a_value_is_told_in_korean() {
    for (message, told) in [
        (
            "unknown field `moer`, expected `text` or `more`",
            "모르는 키 `moer`입니다. 쓸 수 있는 키: `text`, `more`",
        ),
        (
            "unknown variant `atuo`, expected one of `shadow`, `assist`, `auto`",
            "모르는 값 `atuo`입니다. 쓸 수 있는 값: `shadow`, `assist`, `auto`",
        ),
        (
            "invalid type: string \"x\", expected u64",
            "값의 종류가 맞지 않습니다: 글 \"x\". 필요한 값: 0 이상의 정수",
        ),
        (
            "invalid value: integer `300`, expected u8",
            "쓸 수 없는 값입니다: 정수 `300`. 필요한 값: 0 이상의 정수",
        ),
        (
            "invalid type: map, expected a sequence",
            "값의 종류가 맞지 않습니다: 키가 있는 구역. 필요한 값: 목록",
        ),
        ("missing field `id`", "`id` 키가 없습니다"),
        ("따옴표로 묶은 값", "따옴표로 묶은 값"),
    ] {
        assert_eq!(value(message), told);
    }
    assert_eq!(syntax("invalid key\nexpected ="), "TOML 문법에 맞지 않습니다: invalid key; expected =");
}

//! What the reader of TOML says, in the words of those who write files.

/// What a program calls the kinds of values that it found or wants.
const KINDS: &[(&str, &str)] = &[
    ("usize", "0 이상의 정수"),
    ("u8", "0 이상의 정수"),
    ("u16", "0 이상의 정수"),
    ("u32", "0 이상의 정수"),
    ("u64", "0 이상의 정수"),
    ("i32", "정수"),
    ("i64", "정수"),
    ("a sequence", "목록"),
    ("sequence", "목록"),
    ("a map", "키가 있는 구역"),
    ("map", "키가 있는 구역"),
    ("a string", "따옴표로 묶은 글"),
    ("a boolean", "true 또는 false"),
    ("string or table", "따옴표로 묶은 글"),
];

/// What stands before the value itself.
const FOUND: &[(&str, &str)] = &[
    ("integer ", "정수 "),
    ("floating point ", "소수 "),
    ("string ", "글 "),
    ("boolean ", "참·거짓 "),
    ("datetime ", "날짜 "),
];

/// Why a file is not TOML at all. What exactly is missing has no Korean name that would be surer.
pub fn syntax(message: &str) -> String {
    format!("TOML 문법에 맞지 않습니다: {}", one_line(message))
}

/// Why a value cannot be what its key wants.
pub fn value(message: &str) -> String {
    let message = one_line(message);
    let told = named(&message, "unknown field `", "모르는 키", "쓸 수 있는 키")
        .or_else(|| named(&message, "unknown variant `", "모르는 값", "쓸 수 있는 값"))
        .or_else(|| mismatched(&message))
        .or_else(|| Some(format!("{} 키가 없습니다", message.strip_prefix("missing field ")?)));
    told.unwrap_or(message)
}

fn one_line(message: &str) -> String {
    message.lines().collect::<Vec<_>>().join("; ")
}

/// "unknown field `x`, expected one of `a`, `b`"
fn named(message: &str, begins: &str, what: &str, known: &str) -> Option<String> {
    let (name, expected) = message.strip_prefix(begins)?.split_once("`, ")?;
    let Some(expected) = expected.strip_prefix("expected ") else {
        return Some(format!("{what} `{name}`입니다"));
    };
    let expected = expected.trim_start_matches("one of ").replace(" or ", ", ");
    Some(format!("{what} `{name}`입니다. {known}: {expected}"))
}

/// "invalid type: integer `3`, expected a string"
fn mismatched(message: &str) -> Option<String> {
    let (says, rest) = if let Some(rest) = message.strip_prefix("invalid type: ") {
        ("값의 종류가 맞지 않습니다", rest)
    } else {
        ("쓸 수 없는 값입니다", message.strip_prefix("invalid value: ")?)
    };
    let (found, wanted) = rest.rsplit_once(", expected ")?;
    Some(format!("{says}: {}. 필요한 값: {}", self::found(found), kind(wanted)))
}

fn found(found: &str) -> String {
    let told =
        FOUND.iter().find_map(|(english, korean)| Some(format!("{korean}{}", found.strip_prefix(english)?)));
    told.unwrap_or_else(|| kind(found))
}

fn kind(kind: &str) -> String {
    if kind.starts_with("struct ") {
        return "키가 있는 구역".to_owned();
    }
    let known = KINDS.iter().find(|(english, _)| *english == kind);
    known.map_or(kind, |(_, korean)| korean).to_owned()
}

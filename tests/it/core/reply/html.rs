use std::collections::BTreeMap;

use jiff::Timestamp;
use misread::domain::policy::Policy;
use misread::domain::reply::{AccountMacro, Bounds, Finding};
use misread::domain::rule::RuleAction;

use super::macros;

/// A macro of the account whose comment is this HTML.
fn in_account(html: &str) -> AccountMacro {
    AccountMacro {
        id: 70,
        title: "test".to_owned(),
        active: true,
        updated_at: Timestamp::UNIX_EPOCH,
        actions: vec![RuleAction::new("comment_value_html", html)],
    }
}

fn text(html: &str) -> Option<String> {
    in_account(html).text()
}

/// What is told of an account's macro with this comment.
fn problems(policy: &Policy, html: &str) -> Vec<String> {
    let found = BTreeMap::from([("test".to_owned(), Finding::Found(in_account(html)))]);
    let choice = macros("").choose(Some(&found), &BTreeMap::new(), policy, &Bounds::default());
    choice.faults.into_iter().flat_map(|fault| fault.problems).collect()
}

#[test]
fn blocks_are_paragraphs_breaks_are_lines_and_lists_have_their_signs() {
    for (html, text) in [
        ("<p>가</p><p>나<br>다</p>", "가\n\n나\n다"),
        ("<p>가</p>\n  <p>&nbsp;</p>\n<p>나</p>", "가\n\n나"),
        ("<div>가</div><div><br></div><div>나</div>", "가\n\n나"),
        (
            "<p>두 가지:</p><ol><li>하나</li><li><p>둘</p></li></ol><p>끝</p>",
            "두 가지:\n\n1. 하나\n2. 둘\n\n끝",
        ),
        ("<ul><li>하나</li><li>둘</li></ul>", "- 하나\n- 둘"),
        ("<p style=\"color:red\"><strong>굵게</strong> <em>{{ticket.id}}</em></p>", "굵게 {{ticket.id}}"),
        ("가 &lt; 나 &amp; 다 &#39;라&#39; &#x27;마&#x27; & 바", "가 < 나 & 다 '라' '마' & 바"),
        ("1 < 2 <!-- 숨은 글 -->끝", "1 < 2 끝"),
        ("<p title='<b>' class=\"a>b\">가</p>", "가"),
        ("<br title=\">\"/>가 &copy; 나&nbsp;다 &unknown 라 &#; < 마", "가 © 나 다 &unknown 라 &#; < 마"),
        ("{% if parking.amount %}<p>x</p>{% endif %}", "{% if parking.amount %}\nx\n\n{% endif %}"),
    ] {
        assert_eq!(self::text(html).as_deref(), Some(text), "{html}");
    }
}

#[test]
fn a_link_keeps_its_address() {
    let page = "https://t.kakao.com/launch?page=order&amp;x=1";
    for (html, text) in [
        (
            format!("<a href=\"{page}\">이용 내역</a>"),
            "이용 내역 (https://t.kakao.com/launch?page=order&x=1)",
        ),
        (format!("<a href='{page}'>{page}</a>"), "https://t.kakao.com/launch?page=order&x=1"),
        ("<a href=\"tel:1599\">전화</a>".to_owned(), "전화 (1599)"),
        ("<a name=x>이름</a>".to_owned(), "이름"),
        (
            format!("<a title=\"5 > 3\" href=\"{page}\">내역</a>"),
            "내역 (https://t.kakao.com/launch?page=order&x=1)",
        ),
        (
            format!("<a data-href=\"https://a.kr\" href={page}>내역</a>"),
            "내역 (https://t.kakao.com/launch?page=order&x=1)",
        ),
        ("<a data-href=\"https://a.kr\">내역</a>".to_owned(), "내역"),
        ("<a title=\"href=https://a.kr\" HREF = 'tel:1599'>전화</a>".to_owned(), "전화 (1599)"),
    ] {
        assert_eq!(self::text(&html).as_deref(), Some(text), "{html}");
    }
}

#[test]
fn what_no_text_can_say_is_refused_and_told() {
    let policy = Policy::parse(include_str!("../../../../config/policy.toml")).unwrap();
    for (html, what) in [
        ("<p>가</p><img src=x>", "`<img>`"),
        ("<table><tr><td>가</td></tr></table>", "`<table>`"),
        ("<script>alert(1)</script>", "`<script>`"),
        ("<a href=\"javascript:x\">가</a>", "웹, 메일, 전화가 아닌 링크"),
        ("<p>가 <b", "`>`로 닫지 않은 `<`"),
        ("&nonsense;", "기호 `&nonsense;`"),
        ("가 </ 나", "아무것도 닫지 않는 `</`"),
        ("가 &#7; 나", "글자가 아닌 기호 `&#…;`"),
        ("가 <!-- 나", "`-->`로 닫지 않은 `<!--`"),
        ("가 <?php 나 ?>", "HTML의 오류 (unexpected-question-mark-instead-of-tag-name)"),
        ("가 <![CDATA[ 나 ]]>", "HTML의 오류 (cdata-in-html-content)"),
    ] {
        assert_eq!(text(html), None, "{html}");
        let told = problems(&policy, html);
        let what =
            format!("글에 서비스가 보낼 수 없는 것이 있습니다: {what} (모든 채널에 보낼 일반 글로 쓰세요)");
        assert!(told.contains(&what), "{html}: {told:?}");
    }
}

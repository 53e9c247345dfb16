use misread::story::figures::{korean, share};

#[test]
fn a_share_of_nothing_is_none() {
    assert_eq!((share(0, 0), share(1, 3), share(2, 3), share(3, 3)), (None, Some(33), Some(67), Some(100)));
}

#[test]
fn a_figure_is_told_in_the_centres_words_and_one_that_is_not_known_by_its_name() {
    for (name, told) in [
        ("deliveries", "Zendesk 알림"),
        ("ended.handed_over", "끝: 상담 이관"),
        ("acted.withdraw_receivable", "처리: 미수철회"),
        ("won.refund", "금액(원): 결제취소"),
        ("written.reply", "글: 공개 답변"),
        ("answered.coupon.no", "답변: 쿠폰 수락 여부 · 아니요"),
        ("ordered.hand_over", "운영 지시: 일반 상담으로 이관"),
        ("decided.unpaid_closed", "판단: 정책 행 unpaid_closed"),
        ("reply.first.count", "첫 답변: 건수"),
        ("reply.first.within_1m", "첫 답변: 1분 안"),
        ("reply.first.within_2m", "reply.first.within_2m"),
        ("ended.sometime", "ended.sometime"),
    ] {
        assert_eq!(korean(name), told);
    }
}

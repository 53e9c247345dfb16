//! `misread policy …` as people run it: the real program, files on disk, a real ledger.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Arc;

use jiff::Timestamp;
use misread::domain::case::{Ending, Entry};
use misread::domain::ids::{AccountId, LotId, TicketId, UseId};
use misread::domain::limits::Tally;
use misread::domain::parking::{Linkage, Lot, Operation, ParkingUse, UseStatus, Vehicle, Won};
use misread::domain::policy::{
    Evidence, Found, Grant, Identity, LotKind, OneUse, Operator, Policy, Progress, Request, Situation,
    Status, TableName, VehicleMatch,
};
use misread::ports::{Append, CaseState, DeliveryContent, NewDelivery, QueueMove, Recorded, Store};
use tempfile::TempDir;

const SHIPPED: &str = include_str!("../../config/policy.toml");

/// A folder for policy files and a ledger, and the program run in it.
struct Workspace(TempDir);

impl Workspace {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn address(&self) -> String {
        format!("sqlite://{}", self.0.path().join("misread.db").display())
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The shipped policy with one change, as a file.
    fn changed(&self, from: &str, to: &str) -> PathBuf {
        assert!(SHIPPED.contains(from), "the policy no longer says {from}");
        self.file("new.toml", &SHIPPED.replacen(from, to, 1))
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_misread"))
            .args(arguments)
            .env_clear()
            .env("MISREAD_DATABASE_URL", self.address())
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }

    /// The standard output of a successful run.
    fn prints(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The exit code and the standard error of a failed run.
    fn refuses(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{output:?}");
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }
}

fn text(path: &std::path::Path) -> &str {
    path.to_str().unwrap()
}

// ── show ──

#[test]
fn show_aligns_columns_by_what_a_terminal_shows_and_leaves_nothing_out() {
    let shown = Workspace::new().prints(&["policy", "show"]);
    let policy = Policy::parse(SHIPPED).unwrap();
    for row in policy.rows() {
        let joined = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in [&row.id, &row.sentence, &row.source].into_iter().chain(&row.question) {
            assert!(joined.contains(&part.split_whitespace().collect::<Vec<_>>().join(" ")), "{part}");
        }
    }
    // A Hangul syllable is two cells wide: the third column begins in the same cell in every line.
    let cells = |line: &str, word: &str| {
        let before = &line[..line.find(word).unwrap_or_else(|| panic!("{word} in {line}"))];
        before.chars().map(|sign| if ('가'..='힣').contains(&sign) { 2 } else { 1 }).sum::<usize>()
    };
    let line = |id: &str| shown.lines().find(|line| line.starts_with(id)).unwrap();
    let heads = shown.lines().find(|line| line.starts_with("행") && line.contains("픽 상태")).unwrap();
    let column = cells(heads, "운영 형태");
    assert_eq!(cells(line("in_use_partner"), "제휴"), column);
    assert_eq!(cells(line("completed_closed "), "직영 · 제휴"), column);
    assert_eq!(cells(line("operation_unknown"), "알 수 없음"), column);
}

/// The lines of `show` about one row, joined.
fn shown_row(shown: &str, id: &str) -> String {
    let lines = shown.lines().skip_while(|line| !line.starts_with(&format!("{id} ")));
    let lines = lines.take_while(|line| !line.trim().is_empty());
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// The lines of `show` below the conditions, for each kind of row.
const KINDS: [(&str, &str); 7] = [
    ("established", "결정표에 따라 처리"),
    ("identity_and_vehicle_unknown", "고객에게 질문(본인 확인, 차량 확인), 답변 ask_both"),
    ("restricted", "답변 restricted"),
    ("completed_closed", "고객에게 질문(쿠폰 수락 여부), 답변 offer_coupon"),
    ("unpaid_closed", "고객의 결제를 기다림, 답변 please_pay"),
    ("completed_incheon", "중간 안내 airport_interim, 공항 담당으로 이관, 돌려주면 이어서 처리"),
    ("already_settled", "일반 상담으로 이관"),
];

#[test]
fn show_says_what_is_asked_what_is_waited_for_and_who_gives_the_ticket_back() {
    let shown = Workspace::new().prints(&["policy", "show"]);
    let markdown = Workspace::new().prints(&["policy", "show", "--markdown"]);
    for (id, then) in KINDS {
        let row = shown_row(&shown, id);
        assert!(row.contains(&format!("결과: {then} ")), "{row}");
        let line = markdown.lines().find(|line| line.starts_with(&format!("| `{id}` |"))).unwrap();
        assert!(line.contains(&format!("| {then} |")) || line.contains(&format!("| {then}: ")), "{line}");
    }
    let conditions = "이용완료(결제완료) 폐점 직영 · 제휴 처음 · 공항 통화 완료 한도 이내";
    assert!(shown_row(&shown, "completed_closed").contains(conditions), "{shown}");
}

#[test]
fn show_says_how_far_each_row_is_trusted_where_it_fires() {
    let workspace = Workspace::new();
    let file = workspace.file("auto.toml", SHIPPED);
    let shown = workspace.prints(&["policy", "show", "--file", text(&file)]);
    assert!(shown_row(&shown, "completed_open").contains("신뢰 단계: 자동 근거"), "{shown}");
    let file = workspace.changed("id = \"established\"", "id = \"established\"\ntrust = \"assist\"");
    let lowered = std::fs::read_to_string(&file).unwrap();
    let lowered =
        lowered.replacen("id = \"completed_closed\"", "id = \"completed_closed\"\ntrust = \"shadow\"", 1);
    std::fs::write(&file, lowered).unwrap();
    let shown = workspace.prints(&["policy", "show", "--file", text(&file)]);
    let markdown = workspace.prints(&["policy", "show", "--markdown", "--file", text(&file)]);
    for (id, trust) in [
        ("established", "보조(상담사 승인 후 처리)"),
        ("restricted", "자동"),
        ("completed_closed", "참관(메모만)"),
        (
            "completed_open",
            "보조(상담사 승인 후 처리) (이 행은 자동이지만 [[consultation]]의 decide 행이 더 낮음)",
        ),
    ] {
        let row = shown_row(&shown, id);
        assert!(row.contains(&format!("신뢰 단계: {trust} 근거: ")), "{row}");
        let line = markdown.lines().find(|line| line.starts_with(&format!("| `{id}` |"))).unwrap();
        assert!(line.contains(&format!("| {trust} | 상담 가이드")), "{line}");
    }
}

#[test]
fn show_as_markdown_is_a_table_with_a_line_for_every_row() {
    let piped = "sentence = \"결제까지 | 끝난 건은 결제취소한다.\"";
    let workspace = Workspace::new();
    let file = workspace.changed("sentence = \"결제까지 끝난 건은 결제취소한다.\"", piped);
    let shown = workspace.prints(&["policy", "show", "--markdown", "--file", text(&file)]);
    let rows = shown.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, Policy::parse(SHIPPED).unwrap().rows().count());
    let columns = |line: &str| line.replace("\\|", "").matches('|').count();
    assert!(shown.lines().filter(|line| line.starts_with("| `use_")).all(|line| columns(line) == 11));
    let completed = shown.lines().find(|line| line.starts_with("| `completed_open`")).unwrap();
    assert!(
        completed.starts_with(
            "| `completed_open` | 결제까지 \\| 끝난 건은 결제취소한다. | 이용완료(결제완료) | 운영 중 | 직영 · 제휴 \
             | 모두 | 모두 | 결제취소 → 기기 점검 요청, 답변 payment_cancelled | 자동 | 상담 가이드 결정표 4행 | 결제취소 시"
        ),
        "{completed}"
    );
}

#[test]
fn a_policy_that_fails_its_proof_is_shown_underlined_with_the_situation_and_ends_with_2() {
    let workspace = Workspace::new();
    let gap = workspace.changed(
        "status = \"unpaid\", lot = \"closed\", operation = [\"direct\", \"partner\"], amount",
        "status = \"unpaid\", lot = \"closed\", operation = \"direct\", amount",
    );
    for arguments in [
        vec!["policy", "show", "--file", text(&gap)],
        vec!["policy", "diff", text(&gap), text(&gap)],
        vec!["policy", "backtest", text(&gap)],
    ] {
        let (code, said) = workspace.refuses(&arguments);
        assert_eq!(code, 2);
        assert!(said.contains("픽 상태: 미수, 주차장: 폐점, 운영 형태: 제휴"), "{said}");
        assert!(said.contains("id = \"closed_above_cap\"") && said.contains("^^^^^^^^^^^^^^^"), "{said}");
    }
    let (code, said) = workspace.refuses(&["policy", "show", "--file", "nowhere.toml"]);
    assert!(code == 2 && said.contains("nowhere.toml") && said.contains("읽을 수 없습니다"), "{said}");
}

// ── explain ──

#[test]
fn explain_names_the_row_each_input_and_the_first_cell_that_failed_of_every_other_row() {
    let said =
        Workspace::new().prints(&["policy", "explain", "status=completed", "lot=open", "operation=partner"]);
    for part in [
        "적용  established [[consultation]]",
        "적용  completed_open [[decision]]: 결제까지 끝난 건은 결제취소한다.",
        "→ 결제취소 → 기기 점검 요청, 답변 payment_cancelled",
        "  신뢰 단계: 자동\n",
        "status=completed   픽 상태: 이용완료(결제완료)     직접 입력",
        "identity=proven    작성자: 계정 본인(시스템 확인)  입력하지 않아 확인된 것으로 봄",
        "request=stands     요청 내용: 취소 요청            입력하지 않아 확인된 것으로 봄",
        "progress=none      진행: 처음                      입력하지 않아 처음인 것으로 봄",
        "amount=within_cap  보상 금액: 한도 이내            입력하지 않아 한도 이내인 것으로 봄",
        "own_word                              identity (작성자): 조건은 own_word (본인이라는 답변뿐), 상황은 proven",
        "status (픽 상태): 조건은 unpaid (미수), 상황은 completed (이용완료(결제완료))",
        "lot (주차장): 조건은 closed (폐점), 상황은 open (운영 중)",
        "lot (주차장): 조건은 incheon_closed (인천공항이면서 폐점), 상황은 open (운영 중)",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    let rows = Policy::parse(SHIPPED).unwrap().rows().count();
    assert_eq!(said.lines().filter(|line| line.contains(": 조건은 ")).count(), rows - 2);
}

#[test]
fn explain_says_how_far_the_situation_is_trusted_and_not_only_the_row() {
    let workspace = Workspace::new();
    let situation = ["policy", "explain", "status=completed", "lot=open", "operation=partner"];
    for (identity, trust) in [
        ("identity=proven", "자동\n"),
        ("identity=account_tied", "자동\n"),
        (
            "identity=own_word",
            "보조(상담사 승인 후 처리) (이 행은 자동이지만 [[consultation]]의 decide 행이 더 낮음)\n",
        ),
    ] {
        let said = workspace.prints(&[&situation[..], &[identity]].concat());
        assert!(said.contains(&format!("\n  신뢰 단계: {trust}")), "{identity}: {said}");
    }
}

#[test]
fn explain_says_when_the_decision_table_is_not_asked() {
    let said = Workspace::new().prints(&["policy", "explain", "identity=unknown"]);
    assert!(said.contains("적용  identity_unknown [[consultation]]"), "{said}");
    let said_plainly = said.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "→ 고객에게 질문(본인 확인), 답변 ask_identity",
        "established identity (작성자): 조건은 proven (계정 본인(시스템 확인)) 또는 account_tied (계정 본인(연결된 계정, 본인 답변)), 상황은 unknown",
        "completed_open 결정표를 보지 않음: 상담 순서에서 끝남",
    ] {
        assert!(said_plainly.contains(part), "{part} is not in\n{said}");
    }
    assert!(!said.contains("progress="), "what is not asked about is not told: {said}");
}

#[test]
fn explain_understands_what_has_happened_and_what_it_is_worth() {
    let closed = ["status=completed", "lot=closed", "operation=partner"];
    for (further, row, outcome) in [
        (&[][..], "completed_closed", "고객에게 질문(쿠폰 수락 여부), 답변 offer_coupon"),
        (
            &["progress=none", "amount=within_cap"],
            "completed_closed",
            "고객에게 질문(쿠폰 수락 여부), 답변 offer_coupon",
        ),
        (&["progress=coupon_accepted"], "completed_closed_coupon", "쿠폰 지급, 답변 coupon_granted"),
        (&["progress=coupon_declined"], "completed_closed_points", "T포인트 지급, 답변 points_granted"),
        (&["progress=payment_requested"], "unpaid_closed_paid", "T포인트 지급, 답변 points_granted"),
        (&["amount=above_cap"], "closed_above_cap", "보상 담당으로 이관"),
        (
            &["lot=incheon"],
            "completed_incheon",
            "중간 안내 airport_interim, 공항 담당으로 이관, 돌려주면 이어서 처리",
        ),
        (
            &["lot=incheon", "progress=airport_called"],
            "completed_incheon_called",
            "결제취소 → 보전처리 → 기기 점검 요청, 답변 payment_cancelled",
        ),
        (&["status=unpaid"], "unpaid_closed", "고객의 결제를 기다림, 답변 please_pay"),
        (&["identity=account_tied"], "completed_closed", "고객에게 질문(쿠폰 수락 여부), 답변 offer_coupon"),
        (&["identity=own_word"], "own_word", "고객에게 질문(쿠폰 수락 여부), 답변 offer_coupon"),
        (&["identity=own_word", "vehicle=unknown"], "own_word_vehicle", "일반 상담으로 이관"),
        (&["identity=denied"], "restricted", "답변 restricted"),
        (&["identity=denied", "request=contradicted"], "request_contradicted", "일반 상담으로 이관"),
        (&["identity=excluded"], "writer_excluded", "일반 상담으로 이관"),
        (&["identity=unknown"], "identity_unknown", "고객에게 질문(본인 확인), 답변 ask_identity"),
        (
            &["use=none", "identity=unknown"],
            "identity_unknown",
            "고객에게 질문(본인 확인), 답변 ask_identity",
        ),
        (&["request=unread"], "request_unread", "일반 상담으로 이관"),
        (&["use=contradicted"], "use_contradicted", "일반 상담으로 이관"),
        (&["use=unread"], "use_unread", "일반 상담으로 이관"),
        (&["vehicle=contradicted"], "vehicle_contradicted", "일반 상담으로 이관"),
        (&["vehicle=not_own"], "vehicle_not_own", "일반 상담으로 이관"),
    ] {
        // A later value replaces what the closed lot implies.
        let name = |pair: &str| pair.split('=').next().unwrap().to_owned();
        let kept = closed.iter().filter(|pair| further.iter().all(|later| name(later) != name(pair)));
        let situation: Vec<&str> = ["policy", "explain"].iter().chain(kept).chain(further).copied().collect();
        let said = Workspace::new().prints(&situation);
        assert!(said.contains(&format!("적용  {row} [[")), "{further:?}: {said}");
        assert!(said.contains(&format!("\n  → {outcome}\n")), "{further:?}: {said}");
    }
    let help = Workspace::new().prints(&["policy", "explain", "--help"]);
    assert!(help.contains("progress=none") && help.contains("amount=within_cap"), "{help}");
}

#[tokio::test]
async fn explain_refuses_what_it_does_not_know_with_the_list_of_what_it_does() {
    let workspace = Workspace::new();
    workspace.ledger().await;
    for (arguments, code, words) in [
        (&["status=unpad"][..], 2, ["오류: `unpad`은(는) `status`의 값이 아닙니다", "`unpaid` (미수)"]),
        (
            &["progress=called"],
            2,
            ["오류: `called`은(는) `progress`의 값이 아닙니다", "`airport_called` (공항 통화 완료)"],
        ),
        (&["amount=12000"], 2, ["오류: `12000`은(는) `amount`의 값이 아닙니다", "`above_cap` (한도 초과)"]),
        (&["state=unpaid"], 2, ["오류: `state`은(는) 항목이 아닙니다", "`status` (픽 상태)"]),
        (&["status=unpaid"], 2, ["오류: `lot` 값이 없습니다", "`incheon` (인천공항)"]),
        (&["status=unpaid", "status=completed"], 2, ["오류: `status`을(를) 두 번 적었습니다", ""]),
        (&["unpaid"], 2, ["오류: ", "이름=값으로 적어 주세요. 예: 상태=미수, status=unpaid"]),
        (&[], 2, ["오류: 빠진 것이 있습니다", "explain"]),
        (&["--ticket", "7"], 1, ["오류: 원장에 티켓 7의 판단이 없습니다", "misread case show 7"]),
        (&["--ticket", "7", "status=unpaid"], 2, ["오류: `--ticket <TICKET>`", "함께 쓸 수 없습니다"]),
    ] {
        let (ended_with, said) = workspace.refuses(&[&["policy", "explain"], arguments].concat());
        assert!(words.iter().all(|word| said.contains(word)), "{arguments:?}: {said}");
        assert!(said.starts_with("오류: "), "{arguments:?}: {said}");
        assert_eq!(ended_with, code, "{arguments:?}");
    }
}

/// A decision recorded before the tables had the inputs for progress and amount.
fn decided_long_ago() -> Entry {
    let mut old = decided(Status::Completed, LotKind::Open, Operator::Partner);
    let Entry::Decided { decision } = &mut old else { unreachable!() };
    decision.inputs.retain(|input| input.name != "progress" && input.name != "amount");
    old
}

#[tokio::test]
async fn a_journal_that_is_older_than_todays_inputs_is_not_explained_by_guessing() {
    let workspace = Workspace::new();
    let ledger = workspace.ledger().await;
    ledger.life(7, &[decided_long_ago()], Some(Won(3_000)), "2026-10-02T10:00:00+09:00").await;
    let (code, said) = workspace.refuses(&["policy", "explain", "--ticket", "7"]);
    assert_eq!(code, 1, "nobody typed anything wrong: {said}");
    assert!(said.contains("티켓 7의 판단을 설명할 수 없습니다"), "{said}");
    assert!(said.contains("`progress` 값이 없습니다. 쓸 수 있는 값: `none` (처음)"), "{said}");
}

#[tokio::test]
async fn explain_reads_a_tickets_last_decision_from_the_ledger_with_its_sources() {
    let workspace = Workspace::new();
    let ledger = workspace.ledger().await;
    let first = decided(Status::Unpaid, LotKind::Open, Operator::Direct);
    let last = decided(Status::Unpaid, LotKind::Closed, Operator::Direct);
    ledger.life(7, &[first, last], Some(Won(3_000)), "2026-10-02T10:00:00+09:00").await;
    let said = workspace.prints(&["policy", "explain", "--ticket", "7"]);
    for part in [
        "티켓 7: 2026-10-02 10:00, 정책",
        "의 행 unpaid_closed(으)로 판단했습니다. → 고객의 결제를 기다림, 답변 please_pay 아래는 같은 정책",
        "적용 unpaid_closed [[decision]]",
        "lot=closed 주차장: 폐점 주차 시스템: 주차장",
        "amount=within_cap 보상 금액: 한도 이내 주차 시스템: 청구 금액",
        "unpaid_open_direct lot (주차장): 조건은 open (운영 중), 상황은 closed (폐점)",
    ] {
        let said_plainly = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said_plainly.contains(part), "{part} is not in\n{said}");
    }
}

// ── diff ──

#[test]
fn a_policy_does_not_differ_from_itself_nor_from_its_rewording() {
    let workspace = Workspace::new();
    let old = workspace.file("old.toml", SHIPPED);
    let reworded = workspace.changed("reason = \"고객이 이미", "reason = \"이미 고객이");
    for new in [&old, &reworded] {
        assert!(
            workspace
                .prints(&["policy", "diff", text(&old), text(new)])
                .ends_with("\n달라지는 상황이 없습니다.\n")
        );
    }
}

#[test]
fn diff_lists_every_situation_that_changes_by_old_and_new_row() {
    let workspace = Workspace::new();
    let old = workspace.file("old.toml", SHIPPED);
    // Closed partner lots move from the row of cancellations to a new one, where the desk decides.
    let split = SHIPPED.replacen(
        "when = { status = \"in_use\", operation = \"partner\", lot = [\"open\", \"closed\", \"incheon\"] }",
        "when = { status = \"in_use\", operation = \"partner\", lot = [\"open\", \"incheon\"] }",
        1,
    ) + r#"
[[decision]]
id = "in_use_closed"
sentence = "폐점한 제휴 주차장에서 이용 중인 건은 보상 담당이 확인한다."
reason = "폐점한 주차장입니다."
source = "상담 가이드 결정표 2행"
when = { status = "in_use", operation = "partner", lot = "closed" }
hand_over = "compensation"
todo = "확인해 주세요."
"#;
    let new = workspace.file(
        "new.toml",
        &split.replacen(r#"actions = ["refund", "inspection"]"#, r#"actions = ["refund"]"#, 1),
    );
    let said = workspace.prints(&["policy", "diff", text(&old), text(&new)]);
    let (_, changes) = said.split_once('\n').unwrap();
    insta::assert_snapshot!(changes, @"
    달라지는 상황: 135개

    in_use_partner ⇒ in_use_closed  (상황 30개)
      이전: 픽 취소 → 보전처리 → 기기 점검 요청, 답변 use_cancelled
      이후: 보상 담당으로 이관
      * 처리 제외: 픽 취소 → 보전처리 → 기기 점검 요청
      * 답변: use_cancelled ⇒ 없음
      * 담당: 없음(자동 처리) ⇒ 보상 담당
        이용 건: 한 건, 작성자: 계정 본인(시스템 확인) · 계정 본인(연결된 계정, 본인 답변), 차량 확인: 본인 차량, 요청 내용: 취소 요청, 픽 상태: 이용 중, 주차장: 폐점, 운영 형태: 제휴

    completed_open ⇒ completed_open  (상황 60개)
      이전: 결제취소 → 기기 점검 요청, 답변 payment_cancelled
      이후: 결제취소, 답변 payment_cancelled
      * 처리 제외: 기기 점검 요청
        이용 건: 한 건, 작성자: 계정 본인(시스템 확인) · 계정 본인(연결된 계정, 본인 답변), 차량 확인: 본인 차량, 요청 내용: 취소 요청, 픽 상태: 이용완료(결제완료), 주차장: 운영 중, 운영 형태: 직영 · 제휴

    in_use_partner ⇒ in_use_closed  (상황 15개)
      이전: 픽 취소 → 보전처리 → 기기 점검 요청, 답변 use_cancelled
      이후: 보상 담당으로 이관
      * 처리 제외: 픽 취소 → 보전처리 → 기기 점검 요청
      * 답변: use_cancelled ⇒ 없음
      * 담당: 없음(자동 처리) ⇒ 보상 담당
        이용 건: 한 건, 작성자: 본인이라는 답변뿐, 차량 확인: 본인 차량, 요청 내용: 취소 요청, 픽 상태: 이용 중, 주차장: 폐점, 운영 형태: 제휴

    completed_open ⇒ completed_open  (상황 30개)
      이전: 결제취소 → 기기 점검 요청, 답변 payment_cancelled
      이후: 결제취소, 답변 payment_cancelled
      * 처리 제외: 기기 점검 요청
        이용 건: 한 건, 작성자: 본인이라는 답변뿐, 차량 확인: 본인 차량, 요청 내용: 취소 요청, 픽 상태: 이용완료(결제완료), 주차장: 운영 중, 운영 형태: 직영 · 제휴
    ");
}

#[test]
fn diff_shows_what_is_trusted_otherwise_and_the_row_that_passes_on_changes_all_after_it() {
    let workspace = Workspace::new();
    let old = workspace.file("old.toml", SHIPPED);
    let one = workspace.changed("id = \"unpaid_closed\"", "id = \"unpaid_closed\"\ntrust = \"assist\"");
    let said = workspace.prints(&["policy", "diff", text(&old), text(&one)]);
    let (_, changes) = said.split_once('\n').unwrap();
    insta::assert_snapshot!(changes, @"
    달라지는 상황: 20개

    unpaid_closed ⇒ unpaid_closed  (상황 20개)
      이전: 고객의 결제를 기다림, 답변 please_pay
      이후: 고객의 결제를 기다림, 답변 please_pay
      * 신뢰 단계: 자동 ⇒ 보조(상담사 승인 후 처리)
        이용 건: 한 건, 작성자: 계정 본인(시스템 확인) · 계정 본인(연결된 계정, 본인 답변), 차량 확인: 본인 차량, 요청 내용: 취소 요청, 픽 상태: 미수, 주차장: 폐점, 운영 형태: 직영 · 제휴, 보상 금액: 한도 이내
    ");

    let gate = workspace.changed("id = \"established\"", "id = \"established\"\ntrust = \"shadow\"");
    let said = workspace.prints(&["policy", "diff", text(&old), text(&gate)]);
    let rows = Policy::parse(SHIPPED).unwrap();
    let rows = rows.rows().filter(|row| row.table == TableName::Decision).count();
    assert_eq!(said.matches("  * 신뢰 단계: 자동 ⇒ 참관(메모만)\n").count(), rows, "{said}");
    assert!(
        !said.contains("본인이라는 답변뿐"),
        "what rests on the writer's own word stays as it was: {said}"
    );
    assert!(!said.contains("identity_unknown"), "the rest of the consultation stays as it was: {said}");

    let all = workspace.changed("\ntrust = \"auto\"\n", "\ntrust = \"shadow\"\n");
    let said = workspace.prints(&["policy", "diff", text(&old), text(&all)]);
    // 447 of the consultation's 450 situations, and 1,350 for each of the three `decide` rows.
    assert!(said.contains("\n달라지는 상황: 4497개\n"), "{said}");
    // Each row of the decision table twice: for established holders, and for the writer's own word.
    let of_all = Policy::parse(SHIPPED).unwrap().rows().count();
    let changes = said.lines().filter(|line| line.contains("  (상황 ")).count();
    assert_eq!(changes, of_all - 2 + rows, "{said}");
    let situations = said.lines().filter(|line| line.starts_with("    이용 건: ")).count();
    assert!(situations < changes + 10, "alike situations stand in one line: {situations} of {changes}");
}

// ── backtest ──

#[tokio::test]
async fn backtest_lists_each_ticket_with_another_outcome_and_how_much_money_it_is_about() {
    let workspace = Workspace::new();
    let ledger = workspace.ledger().await;
    let completed = || decided(Status::Completed, LotKind::Open, Operator::Partner);
    ledger.life(11, &[completed()], Some(Won(12_000)), "2026-10-02T00:00:00+09:00").await;
    ledger
        .life(
            12,
            &[decided(Status::Unpaid, LotKind::Open, Operator::Partner)],
            Some(Won(7_000)),
            "2026-10-03T10:00:00+09:00",
        )
        .await;
    ledger.life(13, &[completed(), completed()], Some(Won(3_500)), "2026-10-03T10:00:00+09:00").await;
    ledger.life(14, &[completed()], Some(Won(900_000)), "2026-10-01T23:59:59+09:00").await;
    let before = ledger.everything().await;

    let new = workspace.changed(r#"actions = ["refund", "inspection"]"#, r#"actions = ["refund"]"#);
    let said = workspace.prints(&["policy", "backtest", text(&new), "--since", "2026-10-02"]);
    let policy = Policy::parse(&std::fs::read_to_string(&new).unwrap()).unwrap();
    insta::assert_snapshot!(said.replace(policy.hash(), "<new>"), @"
    티켓 11  2026-10-02 00:00  12,000원  completed_open ⇒ completed_open
      * 처리 제외: 기기 점검 요청
    티켓 13  2026-10-03 10:00  3,500원  completed_open ⇒ completed_open
      * 처리 제외: 기기 점검 요청
    티켓 13  2026-10-03 10:00  3,500원  completed_open ⇒ completed_open
      * 처리 제외: 기기 점검 요청
    정책 <new>: 판단 4건(티켓 3건)을 다시 해 보았습니다. 바뀐 것은 없습니다.
      completed_open ⇒ completed_open: 15,500원 (티켓 2건)
    결과가 달라짐: 15,500원 (티켓 2건)
    ");

    let all = workspace.prints(&["policy", "backtest", text(&new)]);
    assert!(all.ends_with("결과가 달라짐: 915,500원 (티켓 3건)\n"), "{all}");
    assert_eq!(ledger.everything().await, before, "a backtest changes nothing");
}

#[tokio::test]
async fn backtest_with_the_policy_that_decided_finds_nothing_nor_does_a_new_wording() {
    let workspace = Workspace::new();
    let ledger = workspace.ledger().await;
    ledger.life(1, &[decided_above_the_cap()], Some(Won(1)), "2026-10-02T00:00:00+09:00").await;
    let reworded = workspace.changed(
        "todo = \"폐점한 주차장이라 결제취소·미수철회가 불가합니다.",
        "todo = \"폐점한 주차장입니다.",
    );
    for new in [workspace.file("same.toml", SHIPPED), reworded] {
        let said = workspace.prints(&["policy", "backtest", text(&new)]);
        assert!(
            said.contains("판단 1건(티켓 1건)을 다시") && said.ends_with("결과가 달라짐: 0원 (티켓 0건)\n"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn what_was_not_recorded_is_told_and_not_guessed() {
    let workspace = Workspace::new();
    let ledger = workspace.ledger().await;
    let mut old = decided(Status::Completed, LotKind::Open, Operator::Partner);
    let Entry::Decided { decision } = &mut old else { unreachable!() };
    decision.inputs.retain(|input| input.name != "lot");
    ledger.life(1, &[old], Some(Won(5)), "2026-10-02T00:00:00+09:00").await;
    let mut renamed = decided(Status::Completed, LotKind::Open, Operator::Partner);
    let Entry::Decided { decision } = &mut renamed else { unreachable!() };
    let status = decision.inputs.iter_mut().find(|input| input.name == "status").unwrap();
    status.value = "paid".to_owned();
    ledger.life(2, &[renamed], Some(Won(5)), "2026-10-02T00:00:00+09:00").await;
    ledger.life(3, &[decided_long_ago()], Some(Won(5)), "2026-10-02T00:00:00+09:00").await;
    let said = workspace.prints(&["policy", "backtest", text(&workspace.file("same.toml", SHIPPED))]);
    assert!(
        said.contains(
            "티켓 3  2026-10-02 00:00  completed_open: 다시 판단할 수 없습니다. `progress` 값이 없습니다"
        ),
        "a journal from before `progress` and `amount`: {said}"
    );
    assert!(
        said.contains(
            "티켓 1  2026-10-02 00:00  completed_open: 다시 판단할 수 없습니다. `lot` 값이 없습니다"
        ),
        "{said}"
    );
    assert!(said.contains("`paid`은(는) `status`의 값이 아닙니다"), "{said}");
    assert!(said.ends_with("결과가 달라짐: 0원 (티켓 0건)\n다시 판단할 수 없음(위 참고): 3건\n"), "{said}");
}

#[tokio::test]
async fn backtest_tells_a_change_of_trust() {
    let workspace = Workspace::new();
    let ledger = workspace.ledger().await;
    let completed = decided(Status::Completed, LotKind::Open, Operator::Partner);
    ledger.life(1, &[completed], Some(Won(12_000)), "2026-10-02T00:00:00+09:00").await;
    let new = workspace.changed("id = \"established\"", "id = \"established\"\ntrust = \"assist\"");
    let said = workspace.prints(&["policy", "backtest", text(&new)]);
    assert!(said.contains("  * 신뢰 단계: 자동 ⇒ 보조(상담사 승인 후 처리)\n"), "{said}");
    assert!(said.ends_with("결과가 달라짐: 12,000원 (티켓 1건)\n"), "{said}");
}

// ── a ledger with cases in it ──

struct Ledger(Arc<dyn Store>);

impl Workspace {
    async fn ledger(&self) -> Ledger {
        Ledger(misread::store::open(&self.address(), Arc::default()).await.unwrap())
    }
}

impl Ledger {
    /// A ticket's journal: one use was found, then these decisions followed.
    async fn life(&self, id: i64, decisions: &[Entry], amount: Option<Won>, at: &str) {
        let at: Timestamp = at.parse().unwrap();
        let ticket_id = TicketId::try_from(id).unwrap();
        let content = DeliveryContent::Wake { ticket_id, kind: "self_use".to_owned() };
        let delivery =
            NewDelivery { dedup_key: id.to_string(), received_at: at, body: "{}".to_owned(), content };
        self.0.accept(delivery).await.unwrap();
        let lease_until = at.checked_add(jiff::SignedDuration::from_mins(1)).unwrap();
        let claim = self.0.claim(at, lease_until, 9).await.unwrap()[0];
        let read = Entry::UsesRead { uses: vec![parking_use(amount)], has_more: false };
        let entries = [read]
            .into_iter()
            .chain(decisions.iter().cloned())
            .chain([Entry::Ended { ending: Ending::Settled }]);
        let recorded = (1..).zip(entries).map(|(position, entry)| Recorded { position, at, entry });
        let taken_up_to = self.0.load(ticket_id).await.unwrap().deliveries.last().map(|delivery| delivery.id);
        let queue_move = QueueMove::Release { state: CaseState::Ended, due_at: None };
        self.0
            .append(Append {
                claim,
                entries: recorded.collect(),
                taken_up_to,
                queue_move,
                guard: None,
                tally: Tally::default(),
                outline: None,
            })
            .await
            .unwrap();
    }

    /// Every case with its journal, in words.
    async fn everything(&self) -> Vec<String> {
        let mut all = Vec::new();
        for case in self.0.list(None, 99).await.unwrap() {
            all.push(format!("{case:?} {:?}", self.0.load(case.ticket_id).await.unwrap()));
        }
        all
    }
}

fn decided(status: Status, lot: LotKind, operation: Operator) -> Entry {
    decided_on(status, lot, operation, Grant::WithinCap)
}

/// Handed over, so that its text can be changed.
fn decided_above_the_cap() -> Entry {
    decided_on(Status::Completed, LotKind::Closed, Operator::Partner, Grant::AboveCap)
}

fn decided_on(status: Status, lot: LotKind, operation: Operator, amount: Grant) -> Entry {
    fn sourced<T>(value: T, source: &str) -> Evidence<T> {
        Evidence::of(value, source)
    }
    let decision = Policy::parse(SHIPPED).unwrap().decide(&Situation {
        found: sourced(Found::One, "주차 시스템: 계정으로 조회"),
        identity: sourced(Identity::Proven, "계정이 같음"),
        vehicle: sourced(VehicleMatch::Own, "차량번호가 같음"),
        request: sourced(Request::Stands, "글"),
        one: Some(OneUse {
            status: sourced(status, "주차 시스템: 이용 건"),
            lot: sourced(lot, "주차 시스템: 주차장"),
            operation: sourced(operation, "주차 시스템: 주차장"),
            progress: sourced(Progress::None, "이 문의의 기록"),
            amount: sourced(amount, "주차 시스템: 청구 금액"),
        }),
    });
    Entry::Decided { decision: Box::new(decision) }
}

fn parking_use(amount: Option<Won>) -> ParkingUse {
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
        status: UseStatus::Completed,
        entered_at: "2026-10-01T14:05:00+09:00".parse().unwrap(),
        exited_at: None,
        amount,
        compensation: None,
    }
}

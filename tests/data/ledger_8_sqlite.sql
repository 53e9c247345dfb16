-- A ledger of version 8 with sample data: a dump that is never changed.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO "_sqlx_migrations" VALUES(1,'ledger','2026-11-22 21:11:31',1,X'7904FC7E7AA75091E96E52EEE5108AA17799A6B3CE4260E06F1A4BA10C5435CC34437F7496A58F228FE5B7A2329DB78A',724675);
INSERT INTO "_sqlx_migrations" VALUES(2,'upkeep','2026-11-27 19:35:01',1,X'F3B90A540A13BA602915E3711656076E031DCD27A2176B3BCB76A36A050586F1AD3088F09C0779897A46B1E807854D51',1255346);
INSERT INTO "_sqlx_migrations" VALUES(3,'shared','2026-11-27 19:35:01',1,X'185ECF55E28A829E4FF992268787F089FE1878E7CD789C37A5D6A9F4011C575C5CF54BA43E4195902FBA9F71204C1E8A',279173);
INSERT INTO "_sqlx_migrations" VALUES(4,'good macros','2026-11-29 12:00:00',1,X'61C76C51F7908ADCBC558AF41360FE448338EA41ED1FE06B4F16E9F7BD7BCCA0161496238599F745784CE2333DC3A86F',1000000);
INSERT INTO "_sqlx_migrations" VALUES(5,'movements','2026-11-29 12:00:00',1,X'6093ECF820B63D762A8B369647C47B6E1EDE0304C0D7880E9E76476C635E1682D2C0AF7CD349B3ACCFED5DFE9AD0E0B2',1000000);
INSERT INTO "_sqlx_migrations" VALUES(6,'breaker','2026-11-29 12:00:00',1,X'D8718D930A46A271870BC65BE498CD7BBFE15AB9F9D6AE2FA3D85C7535ADD93C62FC926E8E6E4535DDF181D743555DB0',1000000);
INSERT INTO "_sqlx_migrations" VALUES(7,'marker keys','2026-11-29 12:00:00',1,X'45FCAFFA2A98AD50DE2F9A5670241109D2BE8FB5E7320B3EF9D7753E5CD40676272AC2DCB54D253E5750AE657093D8E4',1000000);
INSERT INTO "_sqlx_migrations" VALUES(8,'suspects','2026-11-29 12:00:00',1,X'57F565D338DDAF413DE2AEBEAD9D5428D0F506EFC5AC7266A22B19879D4FA8AD17B134D1E610B745B4B825EC943714C8',1000000);
CREATE TABLE breaker_counts (
    -- Five minutes: the Unix time in milliseconds divided by 300,000.
    slot    INTEGER NOT NULL,
    measure TEXT    NOT NULL,
    amount  INTEGER NOT NULL,
    PRIMARY KEY (slot, measure)
) STRICT, WITHOUT ROWID;
CREATE TABLE breaker_events (
    number INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    body   TEXT    NOT NULL
) STRICT;
CREATE TABLE cases (
    ticket_id        INTEGER NOT NULL PRIMARY KEY,
    state            TEXT    NOT NULL CHECK (state IN ('active', 'waiting', 'ended', 'stuck')),
    due_at           INTEGER,
    -- Set while a worker has the case; the case may then be claimed when the lease ends, whatever due_at says.
    lease_until      INTEGER,
    fence            INTEGER NOT NULL DEFAULT 0,
    fruitless_claims INTEGER NOT NULL DEFAULT 0,
    -- Deliveries up to this number are in the journal.
    taken_up_to      INTEGER NOT NULL DEFAULT 0,
    updated_at       INTEGER NOT NULL
, erased_at INTEGER) STRICT;
INSERT INTO "cases" VALUES(7,'active',1770000030000,NULL,1,0,3,1770000030000,NULL);
INSERT INTO "cases" VALUES(8,'active',1770000012000,1770000020000,1,1,0,1770000012000,NULL);
INSERT INTO "cases" VALUES(35005,'ended',NULL,NULL,1,0,1,1795379214373,NULL);
INSERT INTO "cases" VALUES(35015,'ended',NULL,NULL,1,0,2,1795379214386,NULL);
CREATE TABLE chores (
    name   TEXT    NOT NULL PRIMARY KEY,
    due_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE deliveries (
    -- Never used twice, because a case remembers how far it has read by this number.
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    dedup_key   TEXT    NOT NULL UNIQUE,
    ticket_id   INTEGER REFERENCES cases (ticket_id) DEFERRABLE INITIALLY DEFERRED,
    kind        TEXT,
    problem     TEXT,
    body        TEXT    NOT NULL,
    received_at INTEGER NOT NULL, ordered_by TEXT,
    -- It either wakes a case or is poison.
    CHECK ((ticket_id IS NULL) = (kind IS NULL) AND (ticket_id IS NULL) <> (problem IS NULL))
) STRICT;
INSERT INTO "deliveries" VALUES(1,'first-35005',35005,'self_use',NULL,'{"ticket_id":35005}',1770000000000,NULL);
INSERT INTO "deliveries" VALUES(2,'first-35015',35015,'self_use',NULL,'{"ticket_id":35015}',1770000000000,NULL);
INSERT INTO "deliveries" VALUES(3,'before',7,'self_use',NULL,'{"ticket_id":7}',1770000010000,NULL);
INSERT INTO "deliveries" VALUES(4,'leased',8,'self_use',NULL,'{"ticket_id":8}',1770000012000,NULL);
INSERT INTO "deliveries" VALUES(5,'waiting',7,'self_use',NULL,'{"ticket_id":7}',1770000030000,NULL);
INSERT INTO "deliveries" VALUES(6,'poison',NULL,NULL,'not JSON','{"ticket_id":1}',1770000031000,NULL);
CREATE TABLE figures (
    day   TEXT    NOT NULL,
    name  TEXT    NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE good_macros (
    -- The macro file's name.
    name       TEXT    NOT NULL PRIMARY KEY,
    -- Zendesk's number, and when the macro was last changed there.
    macro_id   INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- Of its actions.
    hash       TEXT    NOT NULL,
    -- The macro as the account had it.
    body       TEXT    NOT NULL CHECK (json_valid(body)),
    kept_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE journal (
    ticket_id INTEGER NOT NULL REFERENCES cases (ticket_id),
    position  INTEGER NOT NULL CHECK (position > 0),
    at        INTEGER NOT NULL,
    body      TEXT    NOT NULL CHECK (json_valid(body)),
    PRIMARY KEY (ticket_id, position)
) STRICT;
INSERT INTO "journal" VALUES(35005,1,1795379214361,'{"entry":"woken","delivery":5,"kind":"start"}');
INSERT INTO "journal" VALUES(35005,2,1795379214361,'{"entry":"ticket_read","ticket":{"id":35005,"status":"new","updated_at":"2026-11-22T20:26:54Z","description":"어제 주차비 8,000원이 결제됐는데 저는 남이섬은커녕 강원도 근처에도 안 갔어요. 카드 내역 보고 깜짝 놀랐네요. 환불 처리 부탁드립니다.","tags":["misread_sent","no_self_use"],"group_id":null,"assignee_id":null,"requester":{"id":6170550000005,"name":"정하은","external_id":"acct-0005","verified":true},"plate":"서울 32라 1187","consultation_type":null,"used_at":null}}');
INSERT INTO "journal" VALUES(35005,3,1795379214361,'{"entry":"changes_read","changes":[{"audit_id":6164068000057,"at":"2026-11-22T20:26:54Z","author":{"who":"requester"},"marker":null,"spoke_publicly":true,"said":null,"added_tags":[]}]}');
INSERT INTO "journal" VALUES(35005,4,1795379214361,'{"entry":"account_read","id":"acct-0005","account":{"id":"acct-0005","vehicles":[{"plate":"서울32라1187","ownership_verified":true}],"pass_active":true}}');
INSERT INTO "journal" VALUES(35005,5,1795379214362,'{"entry":"uses_read","uses":[{"id":"use-0005","account_id":"acct-0005","vehicle":{"plate":"서울32라1187","ownership_verified":true},"lot":{"id":"lot-1003","name":"남이섬","region":"강원 춘천시 남산면","operation":"partner","linkage":"unlinked","closed":false,"airport":null,"self_cancel":false},"status":"completed","entered_at":"2026-11-21T15:26:54Z","exited_at":"2026-11-21T18:36:54Z","amount":8000,"compensation":null}],"has_more":false}');
INSERT INTO "journal" VALUES(35005,6,1795379214362,'{"entry":"decided","decision":{"policy":"fe3d2de43e40","row":"completed_open","reason":"이용완료(결제완료) 건이고 폐점·인천공항 주차장이 아니므로 결제를 취소합니다.","trust":"auto","inputs":[{"name":"use","value":"one","source":"주차 시스템: 계정과 문의에 적힌 차량번호로 조회"},{"name":"identity","value":"holder","source":"문의 작성자의 앱 계정이 이용 건의 계정과 같음"},{"name":"vehicle","value":"own","source":"문의의 차량번호가 이용 건의 차량번호와 같음"},{"name":"status","value":"completed","source":"주차 시스템: 이용 건"},{"name":"lot","value":"open","source":"주차 시스템: 주차장"},{"name":"operation","value":"partner","source":"주차 시스템: 주차장"}],"outcome":{"what":"settle","actions":["refund","inspection"],"reply":"payment_cancelled"}}}');
INSERT INTO "journal" VALUES(35005,7,1795379214362,'{"entry":"intended","effect":{"effect":"act","action":"refund","use_id":"use-0005","lot_id":"lot-1003"}}');
INSERT INTO "journal" VALUES(35005,8,1795379214364,'{"entry":"acted","of":7,"receipt":{"receipt_id":"rcpt-000009","done_at":"2026-11-22T20:26:54.364250579Z","replayed":false,"use":{"id":"use-0005","account_id":"acct-0005","vehicle":{"plate":"서울32라1187","ownership_verified":true},"lot":{"id":"lot-1003","name":"남이섬","region":"강원 춘천시 남산면","operation":"partner","linkage":"unlinked","closed":false,"airport":null,"self_cancel":false},"status":"refunded","entered_at":"2026-11-21T15:26:54Z","exited_at":"2026-11-21T18:36:54Z","amount":8000,"compensation":null}}}');
INSERT INTO "journal" VALUES(35005,9,1795379214364,'{"entry":"intended","effect":{"effect":"act","action":"inspection","use_id":"use-0005","lot_id":"lot-1003"}}');
INSERT INTO "journal" VALUES(35005,10,1795379214367,'{"entry":"acted","of":9,"receipt":{"receipt_id":"rcpt-000012","done_at":"2026-11-22T20:26:54.367164253Z","replayed":false,"use":null}}');
INSERT INTO "journal" VALUES(35005,11,1795379214367,'{"entry":"intended","effect":{"effect":"write","kind":"reply","update":{"body":"안녕하세요, 고객님. 카카오 T 고객센터입니다.\n\n이용하지 않으신 주차장의 요금이 결제되어 많이 당황하셨겠습니다. 불편을 드려 진심으로 사과드립니다.\n\n확인해 보니 2026년 11월 22일(일) 오전 12시 26분에 남이섬에서 고객님의 차량이 입차한 것으로 기록되어 요금이 결제되었습니다. 주차장의 번호판 인식 카메라는 빛 반사나 촬영 각도에 따라 번호가 비슷한 다른 차량을 고객님의 차량으로 잘못 인식하기도 합니다.\n\n결제된 8,000원은 전액 결제취소해 드렸습니다. 카드사에서 취소 내역이 확인되기까지는 영업일 3~5일이 걸릴 수 있으니 양해 부탁드립니다. 같은 일이 반복되지 않도록 해당 주차장에 인식 기기 점검도 요청했습니다.\n\n다시 한번 사과드리며, 더 궁금하신 점이 있으면 언제든지 문의해 주세요.\n\n감사합니다.\n카카오 T 고객센터 드림","public":true,"status":"solved","group_id":null,"tags":["misread_sent","no_self_use","misread_done","no_self_use_unlinked"],"consultation_type":"no_self_use_unlinked"}}}');
INSERT INTO "journal" VALUES(35005,12,1795379214370,'{"entry":"written","of":11,"audit_id":6164068000263,"updated_at":"2026-11-22T20:26:54Z","found_by_marker":false}');
INSERT INTO "journal" VALUES(35005,13,1795379214370,'{"entry":"intended","effect":{"effect":"write","kind":"note","update":{"body":"[misread] 본인 미사용 자동 처리 완료\n\n■ 판단\n- 정책 행: completed_open (정책 fe3d2de43e40)\n- 사유: 이용완료(결제완료) 건이고 폐점·인천공항 주차장이 아니므로 결제를 취소합니다.\n- 이용 건 = 한 건 (주차 시스템: 계정과 문의에 적힌 차량번호로 조회)\n- 본인 확인 = 계정 본인 (문의 작성자의 앱 계정이 이용 건의 계정과 같음)\n- 차량 확인 = 본인 차량 (문의의 차량번호가 이용 건의 차량번호와 같음)\n- 픽 상태 = 이용완료(결제완료) (주차 시스템: 이용 건)\n- 주차장 = 운영 중 (주차 시스템: 주차장)\n- 운영 형태 = 제휴 (주차 시스템: 주차장)\n\n■ 이용 건\n- 이용 건 use-0005 · 결제취소됨\n- 차량: 서울32라1187 (소유인증 완료)\n- 주차장: 남이섬 (강원 춘천시 남산면, 제휴, 비연동)\n- 입차 2026-11-22 00:26 · 출차 2026-11-22 03:36\n- 금액: 8,000원\n\n■ 처리 내역\n- 결제취소: 완료 (접수번호 rcpt-000009, 2026-11-23 05:26)\n- 기기 점검 요청: 완료 (접수번호 rcpt-000012, 2026-11-23 05:26)\n\n■ 고객 안내\n- 공개 답변 1건 발송. 장소는 주차장명(소유인증 완료) 안내했습니다.\n\n■ 남은 일\n- 없음. 고객님이 다시 글을 남기시면 일반 상담으로 이어서 응대해 주세요.\n\n■ 참고\n- 보상 정책: http://127.0.0.1:36585/hc/ko/articles/35644611912089\n- 상담제한: http://127.0.0.1:36585/hc/ko/articles/29203184881177","public":false,"status":null,"group_id":null,"tags":null,"consultation_type":null}}}');
INSERT INTO "journal" VALUES(35005,14,1795379214373,'{"entry":"written","of":13,"audit_id":6164068000279,"updated_at":"2026-11-22T20:26:54Z","found_by_marker":false}');
INSERT INTO "journal" VALUES(35005,15,1795379214373,'{"entry":"ended","ending":"settled"}');
INSERT INTO "journal" VALUES(35015,1,1795379214383,'{"entry":"woken","delivery":15,"kind":"start"}');
INSERT INTO "journal" VALUES(35015,2,1795379214384,'{"entry":"ticket_read","ticket":{"id":35015,"status":"new","updated_at":"2026-11-22T20:26:54Z","description":"이번 주에 두 번 결제됐는데 하나는 제가 이용한 게 맞고 하나는 아니에요. 부산은 간 적이 없거든요. 아닌 것만 취소해 주세요!","tags":["misread_sent","no_self_use"],"group_id":null,"assignee_id":null,"requester":{"id":6170550000015,"name":"배나윤","external_id":"acct-0015","verified":true},"plate":"330러7074","consultation_type":null,"used_at":null}}');
INSERT INTO "journal" VALUES(35015,3,1795379214384,'{"entry":"changes_read","changes":[{"audit_id":6164068000186,"at":"2026-11-22T20:26:54Z","author":{"who":"requester"},"marker":null,"spoke_publicly":true,"said":null,"added_tags":[]}]}');
INSERT INTO "journal" VALUES(35015,4,1795379214384,'{"entry":"account_read","id":"acct-0015","account":{"id":"acct-0015","vehicles":[{"plate":"330러7074","ownership_verified":true}],"pass_active":true}}');
INSERT INTO "journal" VALUES(35015,5,1795379214384,'{"entry":"uses_read","uses":[{"id":"use-0015b","account_id":"acct-0015","vehicle":{"plate":"330러7074","ownership_verified":true},"lot":{"id":"lot-1005","name":"해운대 마린플라자 주차장","region":"부산 해운대구 우동","operation":"partner","linkage":"other","closed":false,"airport":null,"self_cancel":true},"status":"completed","entered_at":"2026-11-21T20:26:54Z","exited_at":"2026-11-21T22:56:54Z","amount":7500,"compensation":null},{"id":"use-0015","account_id":"acct-0015","vehicle":{"plate":"330러7074","ownership_verified":true},"lot":{"id":"lot-1001","name":"강남 센트럴타워 주차장","region":"서울 강남구 역삼동","operation":"partner","linkage":"linked","closed":false,"airport":null,"self_cancel":true},"status":"completed","entered_at":"2026-11-19T20:26:54Z","exited_at":"2026-11-19T21:46:54Z","amount":4000,"compensation":null}],"has_more":false}');
INSERT INTO "journal" VALUES(35015,6,1795379214384,'{"entry":"decided","decision":{"policy":"fe3d2de43e40","row":"several_uses","reason":"문의 내용에 맞는 이용 건이 여러 건이라 어느 건인지 정할 수 없습니다.","trust":"auto","inputs":[{"name":"use","value":"several","source":"주차 시스템: 계정과 문의에 적힌 차량번호로 조회"},{"name":"identity","value":"unknown","source":"이용 건이 특정되지 않음"},{"name":"vehicle","value":"unknown","source":"이용 건이 특정되지 않음"}],"outcome":{"what":"hand_over","team":"agents","todo":"어느 이용 건에 대한 문의인지 고객에게 확인해 주세요. 이때 주차장 이름은 먼저 말하지 말고 입차 시각과 지역(시·동)으로 물어봐 주세요. 확인되면 픽 상태에 따라 가이드대로 처리해 주세요."}}}');
INSERT INTO "journal" VALUES(35015,7,1795379214384,'{"entry":"intended","effect":{"effect":"write","kind":"hand_over","update":{"body":"[misread] 본인 미사용 상담 이관\n\n■ 판단\n- 정책 행: several_uses (정책 fe3d2de43e40)\n- 사유: 문의 내용에 맞는 이용 건이 여러 건이라 어느 건인지 정할 수 없습니다.\n- 이용 건 = 여러 건 (주차 시스템: 계정과 문의에 적힌 차량번호로 조회)\n- 본인 확인 = 확인 안 됨 (이용 건이 특정되지 않음)\n- 차량 확인 = 확인 안 됨 (이용 건이 특정되지 않음)\n\n■ 후보 이용 건\n- use-0015b · 이용완료(결제완료) · 330러7074 · 해운대 마린플라자 주차장 · 입차 2026-11-22 05:26 · 7,500원\n- use-0015 · 이용완료(결제완료) · 330러7074 · 강남 센트럴타워 주차장 · 입차 2026-11-20 05:26 · 4,000원\n\n■ 처리 내역\n- 처리한 내용 없음\n\n■ 고객 안내\n- 아직 고객님께 안내한 내용이 없습니다.\n\n■ 남은 일 (일반 상담 그룹)\n- 어느 이용 건에 대한 문의인지 고객에게 확인해 주세요. 이때 주차장 이름은 먼저 말하지 말고 입차 시각과 지역(시·동)으로 물어봐 주세요. 확인되면 픽 상태에 따라 가이드대로 처리해 주세요.\n\n■ 이후 자동 처리\n- 없음. 이 티켓은 상담사가 마무리합니다.\n\n■ 참고\n- 보상 정책: http://127.0.0.1:36585/hc/ko/articles/35644611912089\n- 상담제한: http://127.0.0.1:36585/hc/ko/articles/29203184881177","public":false,"status":"open","group_id":6150000000201,"tags":["misread_sent","no_self_use","misread_handed_over"],"consultation_type":null}}}');
INSERT INTO "journal" VALUES(35015,8,1795379214386,'{"entry":"written","of":7,"audit_id":6164068000358,"updated_at":"2026-11-22T20:26:54Z","found_by_marker":false}');
INSERT INTO "journal" VALUES(35015,9,1795379214386,'{"entry":"ended","ending":"handed_over"}');
INSERT INTO "journal" VALUES(7,1,1770000011000,'{"entry":"woken","delivery":1,"kind":"본인 미사용 \"x\"\n\u0000"}');
CREATE TABLE marker_keys (
    -- It stands in the seal; 1 for the first.
    number  INTEGER NOT NULL PRIMARY KEY,
    secret  TEXT    NOT NULL CHECK (length(secret) >= 64),
    made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE movements (
    ticket_id  INTEGER NOT NULL,
    -- The intention's place in the journal.
    position   INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    account_id TEXT    NOT NULL,
    lot_id     TEXT    NOT NULL,
    won        INTEGER NOT NULL CHECK (won > 0),
    PRIMARY KEY (ticket_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE probe (
    id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    probes INTEGER NOT NULL
) STRICT;
INSERT INTO "probe" VALUES(1,0);
CREATE INDEX cases_by_next_claim ON cases (coalesce(lease_until, due_at))
    WHERE coalesce(lease_until, due_at) IS NOT NULL;
CREATE INDEX deliveries_by_ticket ON deliveries (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE TRIGGER journal_is_append_only BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'a journal entry is never changed');
END;
CREATE INDEX movements_by_time ON movements (at);
CREATE INDEX movements_of_account ON movements (account_id, at);
CREATE INDEX cases_by_fruitless_claims ON cases (fruitless_claims, coalesce(lease_until, due_at))
    WHERE fruitless_claims > 2;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('deliveries',6);
COMMIT;

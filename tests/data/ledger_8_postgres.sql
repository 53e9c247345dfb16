-- A ledger of version 8 with sample data: a dump that is never changed.

CREATE FUNCTION public.refuse_to_change_the_journal() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'a journal entry is never changed';
END
$$;

CREATE TABLE public._sqlx_migrations (
    version bigint NOT NULL,
    description text NOT NULL,
    installed_on timestamp with time zone DEFAULT now() NOT NULL,
    success boolean NOT NULL,
    checksum bytea NOT NULL,
    execution_time bigint NOT NULL
);

CREATE TABLE public.breaker_counts (
    slot bigint NOT NULL,
    measure text NOT NULL,
    amount bigint NOT NULL
);

CREATE TABLE public.breaker_events (
    number bigint NOT NULL,
    at bigint NOT NULL,
    body text NOT NULL
);

ALTER TABLE public.breaker_events ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.breaker_events_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cases (
    ticket_id bigint NOT NULL,
    state text NOT NULL,
    due_at bigint,
    lease_until bigint,
    fence bigint DEFAULT 0 NOT NULL,
    fruitless_claims bigint DEFAULT 0 NOT NULL,
    taken_up_to bigint DEFAULT 0 NOT NULL,
    updated_at bigint NOT NULL,
    erased_at bigint,
    CONSTRAINT cases_state_check CHECK ((state = ANY (ARRAY['active'::text, 'waiting'::text, 'ended'::text, 'stuck'::text])))
);

CREATE TABLE public.chores (
    name text NOT NULL,
    due_at bigint NOT NULL
);

CREATE TABLE public.deliveries (
    id bigint NOT NULL,
    dedup_key text NOT NULL,
    ticket_id bigint,
    kind text,
    problem text,
    body text NOT NULL,
    received_at bigint NOT NULL,
    ordered_by text,
    CONSTRAINT deliveries_check CHECK ((((ticket_id IS NULL) = (kind IS NULL)) AND ((ticket_id IS NULL) <> (problem IS NULL))))
);

ALTER TABLE public.deliveries ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.deliveries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.figures (
    day text NOT NULL,
    name text NOT NULL,
    count bigint NOT NULL
);

CREATE TABLE public.good_macros (
    name text NOT NULL,
    macro_id bigint NOT NULL,
    updated_at bigint NOT NULL,
    hash text NOT NULL,
    body text NOT NULL,
    kept_at bigint NOT NULL,
    CONSTRAINT good_macros_body_check CHECK (((body)::json IS NOT NULL))
);

CREATE TABLE public.grants (
    name text NOT NULL,
    lane text NOT NULL,
    at bigint NOT NULL
);

CREATE TABLE public.journal (
    ticket_id bigint NOT NULL,
    "position" bigint NOT NULL,
    at bigint NOT NULL,
    body text NOT NULL,
    CONSTRAINT journal_body_check CHECK (((body)::json IS NOT NULL)),
    CONSTRAINT journal_position_check CHECK (("position" > 0))
);

CREATE TABLE public.marker_keys (
    number bigint NOT NULL,
    secret text NOT NULL,
    made_at bigint NOT NULL,
    CONSTRAINT marker_keys_secret_check CHECK ((length(secret) >= 64))
);

CREATE TABLE public.movements (
    ticket_id bigint NOT NULL,
    "position" bigint NOT NULL,
    at bigint NOT NULL,
    account_id text NOT NULL,
    lot_id text NOT NULL,
    won bigint NOT NULL,
    CONSTRAINT movements_won_check CHECK ((won > 0))
);

CREATE TABLE public.probe (
    id bigint NOT NULL,
    probes bigint NOT NULL,
    CONSTRAINT probe_id_check CHECK ((id = 1))
);

INSERT INTO public._sqlx_migrations VALUES (1, 'ledger', '2026-11-22 21:11:31.394173+00', true, '\xb83ebed670569f3a768c57676f248a8cf062ed07cd729e0099609c3684157af4506a44d61751c053c52c1428d5c24fb7', 27686114);
INSERT INTO public._sqlx_migrations VALUES (2, 'upkeep', '2026-11-27 19:35:06.890367+00', true, '\x436cc5585ffa62bad37d2ce8112e8aa7c01fd8293b2e83d0323d159a210c51eee5cb8d025141d2849e952e55659111d7', 11795846);
INSERT INTO public._sqlx_migrations VALUES (3, 'shared', '2026-11-27 19:35:06.890367+00', true, '\xf5681ccdc86586ef8414b4b33919fd4ef8a9977c12b4bcf88460779a5ac8d5f52c9a03c6c2376157d9fc1a15f3ab070e', 27155315);
INSERT INTO public._sqlx_migrations VALUES (4, 'good macros', '2026-11-29 12:00:00+00', true, '\xc9ed8ca403ccd15604a5b760618ec51dbde94271eee23576d8cdc9255da3ea6eb5207e9154daa7ec910f466d068bc824', 1000000);
INSERT INTO public._sqlx_migrations VALUES (5, 'movements', '2026-11-29 12:00:00+00', true, '\x15cd15afcc037e38a8583d0e2eda8a72cb2a9281d80627f35c68112fcc560106e4fe2b8c4817f6008876b281b40b0190', 1000000);
INSERT INTO public._sqlx_migrations VALUES (6, 'breaker', '2026-11-29 12:00:00+00', true, '\xa8801d555afa582673445ab4cabb26fe5c643e7d2d1492e98c6b3622fadaa2cbb8fc7099f1703c41cf0c721068907590', 1000000);
INSERT INTO public._sqlx_migrations VALUES (7, 'marker keys', '2026-11-29 12:00:00+00', true, '\x446270c9f430d4a94418a16c7c6e7d0958098a43e46bf5d3b3eee71f25f0bc825a90ef5d782f0c555ae0a76f11bad47e', 1000000);
INSERT INTO public._sqlx_migrations VALUES (8, 'suspects', '2026-11-29 12:00:00+00', true, '\xa6fa5f4bf438de4df9fdd236ea145f2e5f678489c76aad1e9b85446b36a4b046c2037c3451ba915ffbc6dd8740d6e191', 1000000);

INSERT INTO public.cases VALUES (35005, 'ended', NULL, NULL, 1, 0, 1, 1795379214373, NULL);
INSERT INTO public.cases VALUES (35015, 'ended', NULL, NULL, 1, 0, 2, 1795379214386, NULL);
INSERT INTO public.cases VALUES (8, 'active', 1770000012000, 1770000020000, 1, 1, 0, 1770000012000, NULL);
INSERT INTO public.cases VALUES (7, 'active', 1770000030000, NULL, 1, 0, 3, 1770000030000, NULL);

INSERT INTO public.deliveries OVERRIDING SYSTEM VALUE VALUES (1, 'first-35005', 35005, 'self_use', NULL, '{"ticket_id":35005}', 1770000000000, NULL);
INSERT INTO public.deliveries OVERRIDING SYSTEM VALUE VALUES (2, 'first-35015', 35015, 'self_use', NULL, '{"ticket_id":35015}', 1770000000000, NULL);
INSERT INTO public.deliveries OVERRIDING SYSTEM VALUE VALUES (3, 'before', 7, 'self_use', NULL, '{"ticket_id":7}', 1770000010000, NULL);
INSERT INTO public.deliveries OVERRIDING SYSTEM VALUE VALUES (4, 'leased', 8, 'self_use', NULL, '{"ticket_id":8}', 1770000012000, NULL);
INSERT INTO public.deliveries OVERRIDING SYSTEM VALUE VALUES (5, 'waiting', 7, 'self_use', NULL, '{"ticket_id":7}', 1770000030000, NULL);
INSERT INTO public.deliveries OVERRIDING SYSTEM VALUE VALUES (6, 'poison', NULL, NULL, 'not JSON', '{"ticket_id":1}', 1770000031000, NULL);

INSERT INTO public.journal VALUES (35005, 1, 1795379214361, '{"entry":"woken","delivery":5,"kind":"start"}');
INSERT INTO public.journal VALUES (35005, 2, 1795379214361, '{"entry":"ticket_read","ticket":{"id":35005,"status":"new","updated_at":"2026-11-22T20:26:54Z","description":"어제 주차비 8,000원이 결제됐는데 저는 남이섬은커녕 강원도 근처에도 안 갔어요. 카드 내역 보고 깜짝 놀랐네요. 환불 처리 부탁드립니다.","tags":["misread_sent","no_self_use"],"group_id":null,"assignee_id":null,"requester":{"id":6170550000005,"name":"정하은","external_id":"acct-0005","verified":true},"plate":"서울 32라 1187","consultation_type":null,"used_at":null}}');
INSERT INTO public.journal VALUES (35005, 3, 1795379214361, '{"entry":"changes_read","changes":[{"audit_id":6164068000057,"at":"2026-11-22T20:26:54Z","author":{"who":"requester"},"marker":null,"spoke_publicly":true,"said":null,"added_tags":[]}]}');
INSERT INTO public.journal VALUES (35005, 4, 1795379214361, '{"entry":"account_read","id":"acct-0005","account":{"id":"acct-0005","vehicles":[{"plate":"서울32라1187","ownership_verified":true}],"pass_active":true}}');
INSERT INTO public.journal VALUES (35005, 5, 1795379214362, '{"entry":"uses_read","uses":[{"id":"use-0005","account_id":"acct-0005","vehicle":{"plate":"서울32라1187","ownership_verified":true},"lot":{"id":"lot-1003","name":"남이섬","region":"강원 춘천시 남산면","operation":"partner","linkage":"unlinked","closed":false,"airport":null,"self_cancel":false},"status":"completed","entered_at":"2026-11-21T15:26:54Z","exited_at":"2026-11-21T18:36:54Z","amount":8000,"compensation":null}],"has_more":false}');
INSERT INTO public.journal VALUES (35005, 6, 1795379214362, '{"entry":"decided","decision":{"policy":"fe3d2de43e40","row":"completed_open","reason":"이용완료(결제완료) 건이고 폐점·인천공항 주차장이 아니므로 결제를 취소합니다.","trust":"auto","inputs":[{"name":"use","value":"one","source":"주차 시스템: 계정과 문의에 적힌 차량번호로 조회"},{"name":"identity","value":"holder","source":"문의 작성자의 앱 계정이 이용 건의 계정과 같음"},{"name":"vehicle","value":"own","source":"문의의 차량번호가 이용 건의 차량번호와 같음"},{"name":"status","value":"completed","source":"주차 시스템: 이용 건"},{"name":"lot","value":"open","source":"주차 시스템: 주차장"},{"name":"operation","value":"partner","source":"주차 시스템: 주차장"}],"outcome":{"what":"settle","actions":["refund","inspection"],"reply":"payment_cancelled"}}}');
INSERT INTO public.journal VALUES (35005, 7, 1795379214362, '{"entry":"intended","effect":{"effect":"act","action":"refund","use_id":"use-0005","lot_id":"lot-1003"}}');
INSERT INTO public.journal VALUES (35005, 8, 1795379214364, '{"entry":"acted","of":7,"receipt":{"receipt_id":"rcpt-000009","done_at":"2026-11-22T20:26:54.364250579Z","replayed":false,"use":{"id":"use-0005","account_id":"acct-0005","vehicle":{"plate":"서울32라1187","ownership_verified":true},"lot":{"id":"lot-1003","name":"남이섬","region":"강원 춘천시 남산면","operation":"partner","linkage":"unlinked","closed":false,"airport":null,"self_cancel":false},"status":"refunded","entered_at":"2026-11-21T15:26:54Z","exited_at":"2026-11-21T18:36:54Z","amount":8000,"compensation":null}}}');
INSERT INTO public.journal VALUES (35005, 9, 1795379214364, '{"entry":"intended","effect":{"effect":"act","action":"inspection","use_id":"use-0005","lot_id":"lot-1003"}}');
INSERT INTO public.journal VALUES (35005, 10, 1795379214367, '{"entry":"acted","of":9,"receipt":{"receipt_id":"rcpt-000012","done_at":"2026-11-22T20:26:54.367164253Z","replayed":false,"use":null}}');
INSERT INTO public.journal VALUES (35005, 11, 1795379214367, '{"entry":"intended","effect":{"effect":"write","kind":"reply","update":{"body":"안녕하세요, 고객님. 카카오 T 고객센터입니다.\n\n이용하지 않으신 주차장의 요금이 결제되어 많이 당황하셨겠습니다. 불편을 드려 진심으로 사과드립니다.\n\n확인해 보니 2026년 11월 22일(일) 오전 12시 26분에 남이섬에서 고객님의 차량이 입차한 것으로 기록되어 요금이 결제되었습니다. 주차장의 번호판 인식 카메라는 빛 반사나 촬영 각도에 따라 번호가 비슷한 다른 차량을 고객님의 차량으로 잘못 인식하기도 합니다.\n\n결제된 8,000원은 전액 결제취소해 드렸습니다. 카드사에서 취소 내역이 확인되기까지는 영업일 3~5일이 걸릴 수 있으니 양해 부탁드립니다. 같은 일이 반복되지 않도록 해당 주차장에 인식 기기 점검도 요청했습니다.\n\n다시 한번 사과드리며, 더 궁금하신 점이 있으면 언제든지 문의해 주세요.\n\n감사합니다.\n카카오 T 고객센터 드림","public":true,"status":"solved","group_id":null,"tags":["misread_sent","no_self_use","misread_done","no_self_use_unlinked"],"consultation_type":"no_self_use_unlinked"}}}');
INSERT INTO public.journal VALUES (35005, 12, 1795379214370, '{"entry":"written","of":11,"audit_id":6164068000263,"updated_at":"2026-11-22T20:26:54Z","found_by_marker":false}');
INSERT INTO public.journal VALUES (35005, 13, 1795379214370, '{"entry":"intended","effect":{"effect":"write","kind":"note","update":{"body":"[misread] 본인 미사용 자동 처리 완료\n\n■ 판단\n- 정책 행: completed_open (정책 fe3d2de43e40)\n- 사유: 이용완료(결제완료) 건이고 폐점·인천공항 주차장이 아니므로 결제를 취소합니다.\n- 이용 건 = 한 건 (주차 시스템: 계정과 문의에 적힌 차량번호로 조회)\n- 본인 확인 = 계정 본인 (문의 작성자의 앱 계정이 이용 건의 계정과 같음)\n- 차량 확인 = 본인 차량 (문의의 차량번호가 이용 건의 차량번호와 같음)\n- 픽 상태 = 이용완료(결제완료) (주차 시스템: 이용 건)\n- 주차장 = 운영 중 (주차 시스템: 주차장)\n- 운영 형태 = 제휴 (주차 시스템: 주차장)\n\n■ 이용 건\n- 이용 건 use-0005 · 결제취소됨\n- 차량: 서울32라1187 (소유인증 완료)\n- 주차장: 남이섬 (강원 춘천시 남산면, 제휴, 비연동)\n- 입차 2026-11-22 00:26 · 출차 2026-11-22 03:36\n- 금액: 8,000원\n\n■ 처리 내역\n- 결제취소: 완료 (접수번호 rcpt-000009, 2026-11-23 05:26)\n- 기기 점검 요청: 완료 (접수번호 rcpt-000012, 2026-11-23 05:26)\n\n■ 고객 안내\n- 공개 답변 1건 발송. 장소는 주차장명(소유인증 완료) 안내했습니다.\n\n■ 남은 일\n- 없음. 고객님이 다시 글을 남기시면 일반 상담으로 이어서 응대해 주세요.\n\n■ 참고\n- 보상 정책: http://127.0.0.1:36585/hc/ko/articles/35644611912089\n- 상담제한: http://127.0.0.1:36585/hc/ko/articles/29203184881177","public":false,"status":null,"group_id":null,"tags":null,"consultation_type":null}}}');
INSERT INTO public.journal VALUES (35005, 14, 1795379214373, '{"entry":"written","of":13,"audit_id":6164068000279,"updated_at":"2026-11-22T20:26:54Z","found_by_marker":false}');
INSERT INTO public.journal VALUES (35005, 15, 1795379214373, '{"entry":"ended","ending":"settled"}');
INSERT INTO public.journal VALUES (35015, 1, 1795379214383, '{"entry":"woken","delivery":15,"kind":"start"}');
INSERT INTO public.journal VALUES (35015, 2, 1795379214384, '{"entry":"ticket_read","ticket":{"id":35015,"status":"new","updated_at":"2026-11-22T20:26:54Z","description":"이번 주에 두 번 결제됐는데 하나는 제가 이용한 게 맞고 하나는 아니에요. 부산은 간 적이 없거든요. 아닌 것만 취소해 주세요!","tags":["misread_sent","no_self_use"],"group_id":null,"assignee_id":null,"requester":{"id":6170550000015,"name":"배나윤","external_id":"acct-0015","verified":true},"plate":"330러7074","consultation_type":null,"used_at":null}}');
INSERT INTO public.journal VALUES (35015, 3, 1795379214384, '{"entry":"changes_read","changes":[{"audit_id":6164068000186,"at":"2026-11-22T20:26:54Z","author":{"who":"requester"},"marker":null,"spoke_publicly":true,"said":null,"added_tags":[]}]}');
INSERT INTO public.journal VALUES (35015, 4, 1795379214384, '{"entry":"account_read","id":"acct-0015","account":{"id":"acct-0015","vehicles":[{"plate":"330러7074","ownership_verified":true}],"pass_active":true}}');
INSERT INTO public.journal VALUES (35015, 5, 1795379214384, '{"entry":"uses_read","uses":[{"id":"use-0015b","account_id":"acct-0015","vehicle":{"plate":"330러7074","ownership_verified":true},"lot":{"id":"lot-1005","name":"해운대 마린플라자 주차장","region":"부산 해운대구 우동","operation":"partner","linkage":"other","closed":false,"airport":null,"self_cancel":true},"status":"completed","entered_at":"2026-11-21T20:26:54Z","exited_at":"2026-11-21T22:56:54Z","amount":7500,"compensation":null},{"id":"use-0015","account_id":"acct-0015","vehicle":{"plate":"330러7074","ownership_verified":true},"lot":{"id":"lot-1001","name":"강남 센트럴타워 주차장","region":"서울 강남구 역삼동","operation":"partner","linkage":"linked","closed":false,"airport":null,"self_cancel":true},"status":"completed","entered_at":"2026-11-19T20:26:54Z","exited_at":"2026-11-19T21:46:54Z","amount":4000,"compensation":null}],"has_more":false}');
INSERT INTO public.journal VALUES (35015, 6, 1795379214384, '{"entry":"decided","decision":{"policy":"fe3d2de43e40","row":"several_uses","reason":"문의 내용에 맞는 이용 건이 여러 건이라 어느 건인지 정할 수 없습니다.","trust":"auto","inputs":[{"name":"use","value":"several","source":"주차 시스템: 계정과 문의에 적힌 차량번호로 조회"},{"name":"identity","value":"unknown","source":"이용 건이 특정되지 않음"},{"name":"vehicle","value":"unknown","source":"이용 건이 특정되지 않음"}],"outcome":{"what":"hand_over","team":"agents","todo":"어느 이용 건에 대한 문의인지 고객에게 확인해 주세요. 이때 주차장 이름은 먼저 말하지 말고 입차 시각과 지역(시·동)으로 물어봐 주세요. 확인되면 픽 상태에 따라 가이드대로 처리해 주세요."}}}');
INSERT INTO public.journal VALUES (35015, 7, 1795379214384, '{"entry":"intended","effect":{"effect":"write","kind":"hand_over","update":{"body":"[misread] 본인 미사용 상담 이관\n\n■ 판단\n- 정책 행: several_uses (정책 fe3d2de43e40)\n- 사유: 문의 내용에 맞는 이용 건이 여러 건이라 어느 건인지 정할 수 없습니다.\n- 이용 건 = 여러 건 (주차 시스템: 계정과 문의에 적힌 차량번호로 조회)\n- 본인 확인 = 확인 안 됨 (이용 건이 특정되지 않음)\n- 차량 확인 = 확인 안 됨 (이용 건이 특정되지 않음)\n\n■ 후보 이용 건\n- use-0015b · 이용완료(결제완료) · 330러7074 · 해운대 마린플라자 주차장 · 입차 2026-11-22 05:26 · 7,500원\n- use-0015 · 이용완료(결제완료) · 330러7074 · 강남 센트럴타워 주차장 · 입차 2026-11-20 05:26 · 4,000원\n\n■ 처리 내역\n- 처리한 내용 없음\n\n■ 고객 안내\n- 아직 고객님께 안내한 내용이 없습니다.\n\n■ 남은 일 (일반 상담 그룹)\n- 어느 이용 건에 대한 문의인지 고객에게 확인해 주세요. 이때 주차장 이름은 먼저 말하지 말고 입차 시각과 지역(시·동)으로 물어봐 주세요. 확인되면 픽 상태에 따라 가이드대로 처리해 주세요.\n\n■ 이후 자동 처리\n- 없음. 이 티켓은 상담사가 마무리합니다.\n\n■ 참고\n- 보상 정책: http://127.0.0.1:36585/hc/ko/articles/35644611912089\n- 상담제한: http://127.0.0.1:36585/hc/ko/articles/29203184881177","public":false,"status":"open","group_id":6150000000201,"tags":["misread_sent","no_self_use","misread_handed_over"],"consultation_type":null}}}');
INSERT INTO public.journal VALUES (35015, 8, 1795379214386, '{"entry":"written","of":7,"audit_id":6164068000358,"updated_at":"2026-11-22T20:26:54Z","found_by_marker":false}');
INSERT INTO public.journal VALUES (35015, 9, 1795379214386, '{"entry":"ended","ending":"handed_over"}');
INSERT INTO public.journal VALUES (7, 1, 1770000011000, '{"entry":"woken","delivery":1,"kind":"본인 미사용 \"x\"\n\u0000"}');

INSERT INTO public.probe VALUES (1, 0);

SELECT pg_catalog.setval('public.breaker_events_number_seq', 1, false);

SELECT pg_catalog.setval('public.deliveries_id_seq', 6, true);

ALTER TABLE ONLY public._sqlx_migrations
    ADD CONSTRAINT _sqlx_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.breaker_counts
    ADD CONSTRAINT breaker_counts_pkey PRIMARY KEY (slot, measure);

ALTER TABLE ONLY public.breaker_events
    ADD CONSTRAINT breaker_events_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_pkey PRIMARY KEY (ticket_id);

ALTER TABLE ONLY public.chores
    ADD CONSTRAINT chores_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_dedup_key_key UNIQUE (dedup_key);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.figures
    ADD CONSTRAINT figures_pkey PRIMARY KEY (day, name);

ALTER TABLE ONLY public.good_macros
    ADD CONSTRAINT good_macros_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (ticket_id, "position");

ALTER TABLE ONLY public.marker_keys
    ADD CONSTRAINT marker_keys_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.movements
    ADD CONSTRAINT movements_pkey PRIMARY KEY (ticket_id, "position");

ALTER TABLE ONLY public.probe
    ADD CONSTRAINT probe_pkey PRIMARY KEY (id);

CREATE INDEX cases_by_fruitless_claims ON public.cases USING btree (fruitless_claims, COALESCE(lease_until, due_at)) WHERE (fruitless_claims > 2);

CREATE INDEX cases_by_next_claim ON public.cases USING btree (COALESCE(lease_until, due_at)) WHERE (COALESCE(lease_until, due_at) IS NOT NULL);

CREATE INDEX deliveries_by_ticket ON public.deliveries USING btree (ticket_id, id) WHERE (ticket_id IS NOT NULL);

CREATE INDEX grants_by_name ON public.grants USING btree (name, at);

CREATE INDEX journal_of_decisions ON public.journal USING btree (ticket_id, at) WHERE starts_with(body, '{"entry":"decided",'::text);

CREATE INDEX movements_by_time ON public.movements USING btree (at);

CREATE INDEX movements_of_account ON public.movements USING btree (account_id, at);

CREATE TRIGGER journal_is_append_only BEFORE UPDATE ON public.journal FOR EACH ROW EXECUTE FUNCTION public.refuse_to_change_the_journal();

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES public.cases(ticket_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.journal
    ADD CONSTRAINT journal_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES public.cases(ticket_id);

"""nginx and Caddy with the examples of deploy/proxy: bodies and answers pass unchanged, and a service that is away is a 503."""

import gzip
import http.client
import http.server
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PATH = "/webhooks/zendesk"
SIGNED = {
    "Content-Type": "application/json; charset=utf-8",
    "X-Zendesk-Webhook-Signature": "c2lnbmVk+/8=",
    "X-Zendesk-Webhook-Signature-Timestamp": "2026-11-30T07:00:00Z",
    "X-Zendesk-Webhook-Invocation-Id": "01HXYZ",
    "X-Zendesk-Account-Id": "123456",
    "Authorization": "Bearer token-of-the-webhook",
}
BODIES = {
    "ids": b'{"ticket_id":"35009","kind":"start"}',
    "blanks, line ends and Hangul": '\ufeff{ "kind" :\r\n\t"본인 미사용 \u1112\u1161\u11ab" }\n\n'.encode(),
    "no text": bytes(range(256)),
    "none": b"",
    "200 KB": b'"' + b"x%20+" * 40_000 + b'"',
    "compressed": gzip.compress(b"{}"),
}
# What misread answers: status and the headers that count.
ANSWERS = [(200, {}), (401, {}), (413, {}), (415, {}), (422, {}), (429, {"Retry-After": "7"}), (503, {"Retry-After": "5"})]


class Upstream(http.server.BaseHTTPRequestHandler):
    """Keeps what arrives and answers as it is told."""

    protocol_version = "HTTP/1.1"
    arrived: list[tuple[str, dict[str, str], bytes]] = []
    answer: tuple[int, dict[str, str]] = (200, {})
    does = "answer"

    def do_POST(self) -> None:
        cls = type(self)
        cls.arrived.append((self.path, {key.lower(): value for key, value in self.headers.items()}, self.body()))
        if cls.does == "hang":
            time.sleep(14)
        if cls.does != "answer":
            self.connection.close()
            self.close_connection = True
            return
        status, headers = cls.answer
        body = b'{"title":"as the service words it"}'
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/problem+json", "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST

    def body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        whole = b""
        while size := int(self.rfile.readline(), 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except (OSError, ValueError):
            pass


class Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass


@contextmanager
def upstream() -> Iterator[int]:
    server = Quiet(("127.0.0.1", 0), Upstream)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def put(text: str, *changes: tuple[str, str]) -> str:
    """The example with addresses of this machine; each must stand there."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old} stands there {text.count(old)} times"
        text = text.replace(old, new)
    return text


def nginx(folder: Path, port: int, backends: list[int]) -> list[str]:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=misread.example.com", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"],
        check=True,
        capture_output=True,
    )
    servers = "\n".join(f"    server 127.0.0.1:{backend};" for backend in backends)
    site = put(
        Path("deploy/proxy/nginx.conf").read_text(),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("    server 127.0.0.1:8080;", servers),
        ("/etc/ssl/misread/fullchain.pem", f"{folder}/cert.pem"),
        ("/etc/ssl/misread/privkey.pem", f"{folder}/key.pem"),
    )
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid;\nerror_log {folder}/log;\ndaemon off;\nevents {{}}\nhttp {{\n    access_log off;\n{temporary}{site}}}\n"
    )
    os.chmod(folder, 0o755)
    return ["nginx", "-c", f"{folder}/nginx.conf", "-e", f"{folder}/log"]


def caddy(folder: Path, port: int, backends: list[int]) -> list[str]:
    to = " ".join(f"127.0.0.1:{backend}" for backend in backends)
    text = put(
        Path("deploy/proxy/Caddyfile").read_text(),
        ("misread.example.com {", f"http://127.0.0.1:{port} {{"),
        ("reverse_proxy 127.0.0.1:8080", f"reverse_proxy {to}"),
    )
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + text)
    return ["caddy", "run", "--config", f"{folder}/Caddyfile", "--adapter", "caddyfile"]


@contextmanager
def proxy(command: Callable[[Path, int, list[int]], list[str]], backends: list[int]) -> Iterator["Client"]:
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        log = (folder / "out").open("w+")
        environment = {**os.environ, "HOME": name, "XDG_DATA_HOME": name, "XDG_CONFIG_HOME": name}
        process = subprocess.Popen(command(folder, port, backends), stdout=log, stderr=log, env=environment)
        try:
            client = Client(port, secure=command is nginx)
            client.until_answered(process, folder / "out")
            yield client
        finally:
            process.terminate()
            process.wait()


class Client:
    def __init__(self, port: int, secure: bool) -> None:
        self.port, self.context = port, ssl._create_unverified_context() if secure else None

    def send(self, path: str, body: object, headers: dict[str, str], method: str = "POST") -> tuple[int, dict[str, str], bytes]:
        if self.context:
            connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=self.context)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        read = answer.read()
        connection.close()
        return answer.status, {key.lower(): value for key, value in answer.getheaders()}, read

    def until_answered(self, process: subprocess.Popen, log: Path) -> None:
        for _ in range(200):
            assert process.poll() is None, log.read_text()
            try:
                self.send("/", b"", {}, "GET")
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(log.read_text())


def passes_unchanged(client: Client) -> int:
    for what, body in BODIES.items():
        headers = {**SIGNED, "Content-Encoding": "gzip"} if what == "compressed" else SIGNED
        for whole in (True, False):
            if not whole and not body:
                continue
            Upstream.arrived.clear()
            status, _, _ = client.send(PATH, body if whole else iter([body[:7], body[7:]]), headers)
            assert status == 200 and len(Upstream.arrived) == 1, (what, status, len(Upstream.arrived))
            path, arrived, bytes_ = Upstream.arrived[0]
            assert (path, bytes_) == (PATH, body), f"{what}: the body differs"
            for name, value in headers.items():
                assert arrived.get(name.lower()) == value, f"{what}: {name} is {arrived.get(name.lower())}"
    return len(BODIES)


def answers_pass(client: Client) -> int:
    for status, headers in ANSWERS:
        Upstream.answer = (status, headers)
        answered, of_answer, body = client.send(PATH, b"{}", SIGNED)
        assert answered == status, f"{status} became {answered}"
        assert body == b'{"title":"as the service words it"}', body
        assert of_answer.get("retry-after") == headers.get("Retry-After"), f"{status}: {of_answer}"
    Upstream.answer = (200, {})
    return len(ANSWERS)


def is_sent_again(answer: tuple[int, dict[str, str], bytes]) -> bool:
    status, headers, _ = answer
    return status == 503 and 0 < int(headers.get("retry-after", 0)) < 60


def tried(command: Callable[[Path, int, list[int]], list[str]]) -> None:
    with upstream() as port, proxy(command, [port]) as client:
        bodies, answers = passes_unchanged(client), answers_pass(client)
        Upstream.arrived.clear()
        for path in ("/health/ready", "/metrics", "/", PATH + "/more"):
            status, _, _ = client.send(path, None, {}, "GET")
            assert status == 404 and not Upstream.arrived, f"{path}: {status}"
        for fault in ("break off", "hang"):
            Upstream.does = fault
            answer = client.send(PATH, b"{}", SIGNED)
            assert is_sent_again(answer), f"{fault}: {answer}"
        Upstream.does = "answer"
    with proxy(command, [free_port()]) as client:
        for _ in range(3):
            answer = client.send(PATH, b"{}", SIGNED)
            assert is_sent_again(answer), f"away: {answer}"
    with upstream() as port, proxy(command, [free_port(), port]) as client:
        Upstream.arrived.clear()
        answers_of_ten = [client.send(PATH, b"{}", SIGNED) for _ in range(10)]
        refused = [answer for answer in answers_of_ten if answer[0] != 200]
        # Caddy does not try another replica by itself: the delivery that finds the dead one out is sent again by Zendesk.
        assert len(refused) <= (command is caddy), refused
        assert all(is_sent_again(answer) for answer in refused), refused
        assert len(Upstream.arrived) == 10 - len(refused)
    print(f"{command.__name__}: {bodies} bodies and {answers} answers unchanged; broken off, hanging and away are 503 with Retry-After")


if __name__ == "__main__":
    for command in (nginx, caddy):
        tried(command)
    sys.exit(0)

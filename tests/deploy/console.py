"""The console behind nginx with the example of deploy/proxy: a real service, a stand-in for oauth2-proxy, forged headers."""

import contextlib
import http.client
import http.server
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from proxy import Quiet, free_port, put

# Who a browser's cookie of oauth2-proxy is: e-mail and groups.
PEOPLE = {
    "minji": ("minji@example.com", "staff,misread-operate"),
    "seojun": ("seojun@example.com", "misread-view"),
    "dohyun": ("dohyun@example.com", ""),
}
FORGED = {"X-Forwarded-User": "admin@example.com", "X-Forwarded-Groups": "misread-admin"}


class Gate(http.server.BaseHTTPRequestHandler):
    """Answers as oauth2-proxy does with --set-xauthrequest: 202 with the person, or 401."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        who = re.search(r"_oauth2_proxy=(\w+)", self.headers.get("Cookie", ""))
        known = PEOPLE.get(who.group(1)) if who else None
        self.send_response(202 if known else 401)
        for name, value in zip(("X-Auth-Request-Email", "X-Auth-Request-Groups"), known or (), strict=False):
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def gate() -> Iterator[int]:
    server = Quiet(("127.0.0.1", 0), Gate)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@contextlib.contextmanager
def running(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    log = (folder / f"{Path(command[0]).name}-{command[1]}").open("w")
    process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env={"PATH": os.environ["PATH"], **environment})
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def until(what: str, look: object, process: subprocess.Popen, log: Path) -> None:
    for _ in range(400):
        assert process.poll() is None, f"{what}: it ended\n{log.read_text()}"
        with contextlib.suppress(OSError):
            if look():
                return
        time.sleep(0.05)
    raise AssertionError(f"waited in vain: {what}\n{log.read_text()}")


@contextlib.contextmanager
def service(program: str, folder: Path, proxy: str) -> Iterator[int]:
    """The service against its sandbox, with the settings and secrets of deploy/demo; its console's port."""
    parking, zendesk, webhooks, console = (free_port() for _ in range(4))
    shutil.copytree("config", folder / "config", dirs_exist_ok=True)
    shutil.copy("deploy/demo/misread.toml", folder / "config/misread.toml")
    lines = Path("deploy/demo/demo.env").read_text().splitlines()
    demo = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    environment = {
        **{name: value for name, value in demo.items() if not name.startswith(("MISREAD_CONSOLE", "MISREAD_METRICS", "MISREAD_DATABASE"))},
        "MISREAD_CONFIG": "config",
        "MISREAD_LISTEN": f"127.0.0.1:{webhooks}",
        "MISREAD_CONSOLE_LISTEN": f"127.0.0.1:{console}",
        "MISREAD_CONSOLE_PROXY": proxy,
        "MISREAD_ZENDESK_URL": f"http://127.0.0.1:{zendesk}",
        "MISREAD_PARKING_URL": f"http://127.0.0.1:{parking}/v1",
    }
    sandbox = [program, "sandbox", "--parking", f"127.0.0.1:{parking}", "--zendesk", f"127.0.0.1:{zendesk}"]
    sandbox += ["--webhook", f"http://127.0.0.1:{webhooks}/webhooks/zendesk"]
    with running(sandbox, folder, {}), running([program, "serve"], folder, environment) as served:
        until("the console answers", lambda: Direct(console).send("/sign-in")[0] == 200, served, folder / "misread-serve")
        yield console


class Direct:
    """A client that asks the console itself, from an address of this machine."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self.port, self.source = port, source

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(self.source, 0))

    def send(self, path: str, headers: list[tuple[str, str]] | None = None, form: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
        connection = self.connection()
        body = urlencode(form) if form is not None else None
        connection.putrequest("GET" if body is None else "POST", path)
        for name, value in headers or []:
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Type", "application/x-www-form-urlencoded")
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body.encode() if body is not None else None)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, {key.lower(): value for key, value in answer.getheaders()}, text.replace("&#x2f;", "/")


class Behind(Direct):
    """A browser before nginx."""

    def connection(self) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=ssl._create_unverified_context())


@contextlib.contextmanager
def nginx(folder: Path, console: int, auth: int) -> Iterator[int]:
    port = free_port()
    certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=console"]
    subprocess.run([*certificate, "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"], check=True, capture_output=True)
    site = Path("deploy/proxy/console.nginx.conf").read_text().replace("http://127.0.0.1:4180", f"http://127.0.0.1:{auth}")
    site = put(
        site,
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("proxy_pass http://127.0.0.1:8090", f"proxy_pass http://127.0.0.1:{console}"),
        ("/etc/ssl/misread/fullchain.pem", f"{folder}/cert.pem"),
        ("/etc/ssl/misread/privkey.pem", f"{folder}/key.pem"),
    )
    temporary = "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid;\nerror_log {folder}/log;\ndaemon off;\nevents {{}}\nhttp {{\n    access_log off;\n{temporary}{site}}}\n"
    )
    os.chmod(folder, 0o755)
    with running(["nginx", "-c", f"{folder}/nginx.conf", "-e", f"{folder}/log"], folder, {}) as process:
        until("nginx answers", lambda: Behind(port).send("/")[0] > 0, process, folder / "nginx--c")
        yield port


def cookie(who: str, session: str = "") -> tuple[str, str]:
    return ("Cookie", f"_oauth2_proxy={who}; {session}")


def form_token(page: str) -> str:
    found = re.search(r'name="form_token" value="(\w+)"', page)
    assert found, page
    return found.group(1)


def signs_people_in(browser: Behind) -> None:
    status, headers, _ = browser.send("/tickets")
    assert status == 302 and headers["location"].endswith("/oauth2/start?rd=/tickets"), (status, headers)
    for who, role in (("minji", "운영"), ("seojun", "보기")):
        status, _, page = browser.send("/", [cookie(who)])
        assert status == 200 and f"{PEOPLE[who][0]} · {role}" in page, (status, page)
    status, _, _ = browser.send("/", [cookie("dohyun")])
    assert status == 403, "a person without a group has no role"
    status, _, _ = browser.send("/oauth2/auth", [cookie("minji")])
    assert status == 404, "what nginx asks is not for browsers"


def keeps_forged_names_out(browser: Behind) -> None:
    forged = list(FORGED.items())
    for headers in (forged, [*forged, *forged], [(name.lower(), value) for name, value in forged], [(name.replace("-", "_"), value) for name, value in forged]):
        status, headers_, _ = browser.send("/", headers)
        assert status == 302 and "misread" not in headers_.get("set-cookie", ""), (headers, status)
        status, _, page = browser.send("/", [cookie("seojun"), *headers])
        assert status == 200 and "seojun@example.com · 보기" in page and "admin@example.com" not in page, page
        status, _, _ = browser.send("/access", [cookie("seojun"), *headers])
        assert status == 403, "the groups are nginx's own as well"
        # Who has no group gets none from a header of the browser.
        status, _, _ = browser.send("/", [cookie("dohyun"), *headers])
        assert status == 403, (headers, status)


def takes_forms_of_its_own_pages(browser: Behind) -> None:
    _, headers, page = browser.send("/", [cookie("minji")])
    session = headers["set-cookie"].split(";")[0]
    here = f"https://127.0.0.1:{browser.port}"
    out = {"form_token": form_token(page)}
    for origin in ("https://evil.example", "https://127.0.0.1"):
        status, _, _ = browser.send("/sign-out", [cookie("minji", session), ("Origin", origin)], out)
        assert status == 403, (origin, status)
    status, headers, _ = browser.send("/sign-out", [cookie("minji", session), ("Origin", here)], out)
    assert (status, headers.get("location")) == (303, "/sign-in"), (status, headers)
    status, _, _ = browser.send("/sign-out", [cookie("minji"), ("Origin", here)], {"form_token": "x" * 40_000})
    assert status == 413, "nginx bounds forms"


def refuses_others(console: int) -> None:
    """A process of another address that knows the header's name."""
    status, headers, _ = Direct(console, "127.0.0.2").send("/", list(FORGED.items()))
    assert (status, headers.get("location")) == (303, "/sign-in"), (status, headers)
    status, _, page = Direct(console, "127.0.0.2").send("/sign-in", list(FORGED.items()))
    assert status == 200 and "admin@example.com" not in page, page
    # From the proxy's own address it would be believed: only that address is.
    status, _, page = Direct(console).send("/", list(FORGED.items()))
    assert status == 200 and "admin@example.com · 관리" in page, page


def main(program: str) -> None:
    with tempfile.TemporaryDirectory() as name, gate() as auth:
        folder = Path(name)
        with service(program, folder, "127.0.0.1") as console, nginx(folder, console, auth) as port:
            browser = Behind(port)
            signs_people_in(browser)
            keeps_forged_names_out(browser)
            takes_forms_of_its_own_pages(browser)
            refuses_others(console)
    print("nginx: people of the gate come in with their roles; names from browsers and from other addresses do not")


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()))

"""try.py FOLDER ROOT ARCHIVE: runs the image's root by runc as the image says, with a sandbox, until its tickets are settled."""

import atexit
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

FOLDER, ROOT, ARCHIVE = (Path(argument) for argument in sys.argv[1:])
SHELLS = {"sh", "bash", "dash", "busybox", "apt", "dpkg", "perl", "python3"}


def image() -> dict:
    return json.loads((FOLDER / "image.json").read_text())["Docker"]["config"]


def look() -> None:
    """No shell, nothing that others may write, nothing that takes another user's rights."""
    config, files = image(), [path for path in ROOT.rglob("*") if path.is_file() and not path.is_symlink()]
    assert config["User"] == "65532:65532", config["User"]
    assert config["Healthcheck"]["Test"] == ["CMD", "/usr/bin/misread", "health"], config["Healthcheck"]
    assert config["Labels"]["org.opencontainers.image.title"] == "misread"
    assert (ROOT / "var/lib/misread").stat().st_uid == 65532
    for path in files:
        mode = path.stat().st_mode
        assert path.name not in SHELLS, f"{path} is in the image"
        assert not mode & (stat.S_ISUID | stat.S_ISGID | stat.S_IWOTH), f"{path} has the mode {mode:o}"
    size = sum(path.stat().st_size for path in files)
    print(f"{len(files)} files, {size / 1e6:.1f} MB; the program {(ROOT / 'usr/bin/misread').stat().st_size / 1e6:.1f} MB; archive {ARCHIVE.stat().st_size / 1e6:.1f} MB")


def bundle(name: str, arguments: list[str], environment: dict[str, str]) -> Path:
    """What a container engine makes of the image, with a read-only root and no capabilities; the network is this machine's."""
    config, folder = image(), FOLDER / "bundles" / name
    state = folder / "state"
    subprocess.run(["rm", "-rf", folder], check=True)
    state.mkdir(parents=True)
    os.chown(state, 65532, 65532)
    mounts = [
        {"destination": "/proc", "type": "proc", "source": "proc"},
        {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]},
        {"destination": "/var/lib/misread", "type": "bind", "source": str(state), "options": ["bind", "rw", "nosuid", "nodev", "noexec"]},
        {"destination": "/etc/misread/config/misread.toml", "type": "bind", "source": str(Path("deploy/demo/misread.toml").resolve()), "options": ["bind", "ro"]},
    ]
    mounts.append({"destination": "/etc/misread/users.toml", "type": "bind", "source": str(Path("deploy/demo/users.toml").resolve()), "options": ["bind", "ro"]})
    for file in ("/etc/resolv.conf", "/etc/hosts"):
        mounts.append({"destination": file, "type": "bind", "source": file, "options": ["bind", "ro"]})
    of_image = dict(pair.split("=", 1) for pair in config["Env"])
    spec = {
        "ociVersion": "1.0.2",
        "process": {
            "user": {"uid": 65532, "gid": 65532},
            "args": config["Entrypoint"] + arguments,
            "env": [f"{key}={value}" for key, value in {**of_image, **environment}.items()],
            "cwd": config["WorkingDir"],
            "noNewPrivileges": True,
            "capabilities": {kind: [] for kind in ("bounding", "effective", "inheritable", "permitted", "ambient")},
        },
        "root": {"path": str(ROOT), "readonly": True},
        "hostname": name,
        "mounts": mounts,
        "linux": {"namespaces": [{"type": kind} for kind in ("pid", "mount", "ipc", "uts")]},
    }
    (folder / "config.json").write_text(json.dumps(spec))
    return folder


def runc(*arguments: str) -> list[str]:
    return ["runc", "--root", str(FOLDER / "runc"), *arguments]


def start(name: str, arguments: list[str], environment: dict[str, str]) -> subprocess.Popen:
    folder = bundle(name, arguments, environment)
    log = (FOLDER / f"{name}.log").open("w")
    return subprocess.Popen(runc("run", "--bundle", str(folder), f"misread-try-{name}"), stdout=log, stderr=log)


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def until(what: str, seconds: float, processes: list[subprocess.Popen], good: Callable[[], bool]) -> float:
    begun = time.time()
    while time.time() < begun + seconds and all(process.poll() is None for process in processes):
        if good():
            return time.time() - begun
        time.sleep(0.02)
    raise SystemExit(f"not so: {what}; see {FOLDER}/*.log")


def is_ready(port: int) -> bool:
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5).status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def inside(*arguments: str, check: bool = True) -> subprocess.CompletedProcess:
    command = runc("exec", "misread-try-service", "/usr/bin/misread", *arguments)
    return subprocess.run(command, capture_output=True, text=True, check=check)


def main() -> None:
    look()
    begun = time.time()
    parking, zendesk, service, metrics, console, watcher = free_ports(6)
    environment = dict(line.split("=", 1) for line in Path("deploy/demo/demo.env").read_text().splitlines() if line and line[0] != "#")
    environment |= {
        "MISREAD_ZENDESK_URL": f"http://127.0.0.1:{zendesk}",
        "MISREAD_PARKING_URL": f"http://127.0.0.1:{parking}/v1",
        "MISREAD_LISTEN": f"127.0.0.1:{service}",
        "MISREAD_DATABASE_URL": "sqlite:///var/lib/misread/misread.db",
        "MISREAD_METRICS_LISTEN": f"127.0.0.1:{metrics}",
        "MISREAD_CONSOLE_LISTEN": f"127.0.0.1:{console}",
    }
    processes = [start("service", ["serve"], environment)]
    if shutil.which("prometheus"):
        processes.append(prometheus(watcher, metrics))
    took = until("ready", 30, processes, lambda: is_ready(service))
    with urllib.request.urlopen(f"http://127.0.0.1:{console}/sign-in", timeout=5) as page:
        assert page.status == 200 and "misread" in page.read().decode(), "the console"
    print(f"ready {took:.2f} s after its start, with a new ledger, a read-only root, user 65532, no capability")
    processes.append(
        start(
            "sandbox",
            ["sandbox", "--open-tickets", "--parking", f"127.0.0.1:{parking}", "--zendesk", f"127.0.0.1:{zendesk}", "--webhook", f"http://127.0.0.1:{service}/webhooks/zendesk"],
            {},
        )
    )
    took = until("a case has ended", 60, processes, lambda: count("ended") > 0)
    print(f"the first case ended {took:.2f} s after the sandbox's start")
    if shutil.which("prometheus"):
        until("an ended case is seen by Prometheus", 60, processes, lambda: seen(watcher) > 0)
        print(f"{time.time() - begun:.1f} s from the image to an ended case in what the dashboard's panel `Endings an hour` asks")
    until("all cases have ended or wait", 120, processes, lambda: count("ended", "waiting") == opened())
    print(f"{opened()} tickets: {count('ended')} cases ended, {count('waiting')} wait for customers or agents")
    health = inside("health", check=False)
    print(f"health command: exit code {health.returncode}")
    assert health.returncode == 0, health.stderr
    assert inside("health", "--help").returncode == 0
    subprocess.run(runc("kill", "misread-try-service", "TERM"), check=True)
    begun = time.time()
    code = processes[0].wait(timeout=30)
    print(f"SIGTERM: ended with {code} after {time.time() - begun:.2f} s")
    assert code == 0, code


def prometheus(port: int, metrics: int) -> subprocess.Popen:
    """Reads the service's figures each second."""
    targets = {"job_name": "misread", "scrape_interval": "1s", "static_configs": [{"targets": [f"127.0.0.1:{metrics}"]}]}
    settings = FOLDER / "prometheus.yml"
    settings.write_text(json.dumps({"scrape_configs": [targets]}))
    log = (FOLDER / "prometheus.log").open("w")
    data = FOLDER / "prometheus"
    subprocess.run(["rm", "-rf", data], check=True)
    watcher = subprocess.Popen(["prometheus", f"--config.file={settings}", f"--storage.tsdb.path={data}", f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log)
    atexit.register(watcher.terminate)
    return watcher


def seen(port: int) -> float:
    """The ended cases by Prometheus."""
    asked = urllib.parse.urlencode({"query": "sum(max by (ending) (misread_cases_ended_total))"})
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/query?{asked}", timeout=5) as answer:
            found = json.load(answer)["data"]["result"]
            return float(found[0]["value"][1]) if found else 0
    except (urllib.error.URLError, ConnectionError):
        return 0


def opened() -> int:
    return (FOLDER / "sandbox.log").read_text().count(" opened: ")


def count(*states: str) -> int:
    told = inside("case", "list", "--limit", "1000", "--json")
    return sum(case["state"] in states for case in json.loads(told.stdout)["cases"])


if __name__ == "__main__":
    main()

"""The dashboard's queries answer.

`dashboard.py` looks at the file, then plays all served metrics to a real Prometheus and asks every query of every panel.
`dashboard.py URL [MINUTES]` asks a Prometheus that is running, over the last minutes; an empty answer is a failure.
"""

import http.server
import json
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import metrics

FILE = Path("deploy/grafana/misread.json")
ROWS = ["Customers", "Waiting", "Machine", "Neighbours"]
# Label values that queries name, beside those of the list of metrics.
SAMPLES = {"ending": ["settled", "handed_over"], "answer": ["yes", "unclear"]}

# Fields of the Prometheus data source's annotations, which Grafana's types leave to each data source.
OF_ANNOTATIONS = (".annotations.list[1].step", ".annotations.list[1].titleFormat", ".annotations.list[1].textFormat")


def queries(board: dict) -> Iterator[tuple[str, str]]:
    """Each query with the title of what asks it."""
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]
    for annotation in board["annotations"]["list"]:
        if "expr" in annotation:
            yield annotation["name"], annotation["expr"]


def looked_at(board: dict) -> list[str]:
    """What is wrong with the file."""
    known, wrong, places, ids = metrics.served(), [], set(), set()
    panels = [panel for panel in board["panels"] if panel["type"] != "row"]
    rows = [panel["title"] for panel in board["panels"] if panel["type"] == "row"]
    if rows != ROWS:
        wrong.append(f"rows are {rows}")
    for panel in board["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        if cells & places or at["x"] + at["w"] > 24 or panel["id"] in ids:
            wrong.append(f"{panel['title']}: lies upon another panel, or has its number")
        places |= cells
        ids.add(panel["id"])
    for panel in panels:
        if not panel.get("description") or not panel["fieldConfig"]["defaults"].get("unit") or not panel["targets"]:
            wrong.append(f"{panel['title']}: a panel has a description, a unit and a query")
        if panel["datasource"] != {"type": "prometheus", "uid": "${datasource}"}:
            wrong.append(f"{panel['title']}: the data source is the variable")
    for title, query in queries(board):
        wrong += [f"{title}: {fault}" for fault in metrics.faults(query, known)]
    if not any("misread_policy_info" in a.get("expr", "") for a in board["annotations"]["list"]):
        wrong.append("no annotation shows changes of the policy")
    return wrong


def not_of_grafana(board: dict) -> list[str]:
    """The fields that Grafana 11's own types lose or change."""
    # Only here: the other use, asking a running Prometheus, needs nothing but Python.
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.cog.plugins import register_default_plugins
    from grafana_foundation_sdk.models.dashboard import Dashboard

    register_default_plugins()
    read = json.loads(JSONEncoder().encode(Dashboard.from_json(board)))
    return [f"{path} is no field of Grafana 11" for path in lost(board, read, "") if not path.endswith(OF_ANNOTATIONS)]


def lost(told: object, read: object, path: str) -> Iterator[str]:
    if isinstance(told, dict) and isinstance(read, dict):
        for key, value in told.items():
            yield from lost(value, read[key], f"{path}.{key}") if key in read else [f"{path}.{key}"]
    elif isinstance(told, list) and isinstance(read, list) and len(told) == len(read):
        for at, (one, other) in enumerate(zip(told, read, strict=True)):
            yield from lost(one, other, f"{path}[{at}]")
    elif told != read:
        yield path


def plain(query: str, minutes: float) -> str:
    """The query with Grafana's own variables filled in."""
    seconds = int(minutes * 60)
    query = query.replace("$__rate_interval", f"{min(seconds, 300)}s").replace("$__range", f"{seconds}s")
    assert "$" not in query, query
    return query


def ask(url: str, query: str, minutes: float) -> list:
    until = time.time()
    step = max(1, minutes * 60 / 200)
    asked = urllib.parse.urlencode({"query": plain(query, minutes), "start": until - minutes * 60, "end": until, "step": step})
    try:
        with urllib.request.urlopen(f"{url}/api/v1/query_range?{asked}", timeout=30) as answer:
            return json.load(answer)["data"]["result"]
    except urllib.error.HTTPError as refused:
        raise SystemExit(f"{query}\n{refused.read().decode()}") from refused


def has_number(series: list) -> bool:
    return any(value != "NaN" for one in series for _, value in one["values"])


def unanswered(board: dict, url: str, minutes: float, everything: bool) -> list[str]:
    """The queries without a number in their answer. A real service need not serve what only some settings bring."""
    sometimes = [] if everything else [name for name, metric in metrics.listed().items() if metric.sometimes and not ask(url, name, minutes)]
    asked = [(title, query) for title, query in queries(board) if not any(name in query for name in sometimes)]
    if sometimes:
        print(f"not asked, since this service does not serve it: {', '.join(sometimes)}")
    return [f"{title}: no data: {query}" for title, query in asked if not has_number(ask(url, query, minutes))]


def lines(values: int) -> str:
    """All metrics of the list, as they might be served."""
    known, served = metrics.served(), []
    from_start = {name: metric.labels for name, metric in metrics.listed().items()}
    for name, labels in known.items():
        if name in metrics.OF_THE_SCRAPE:
            continue
        series = [{}]
        for label in sorted(labels):
            of_list = from_start.get(name, {}).get(label)
            several = ["0.1", "1", "+Inf"] if label == "le" else of_list or SAMPLES.get(label, ["a"])
            series = [{**one, label: value} for one in series for value in several]
        for one in series:
            worded = ",".join(f'{label}="{value}"' for label, value in one.items())
            served.append(f"{name}{{{worded}}} {values if name != 'misread_policy_info' else 1}")
    return "\n".join(served) + "\n"


class Exporter(http.server.BaseHTTPRequestHandler):
    begun = time.time()

    def do_GET(self) -> None:
        body = lines(1 + int(time.time() - self.begun)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def played(board: dict) -> list[str]:
    import yaml

    exporter = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Exporter)
    threading.Thread(target=exporter.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        settings = yaml.safe_load(Path("deploy/prometheus/prometheus.yaml").read_text())
        settings["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        settings["rule_files"] = [str(Path("deploy/prometheus/alerts.yaml").resolve())]
        settings["scrape_configs"][0]["static_configs"] = [{"targets": [f"127.0.0.1:{exporter.server_port}"]}]
        Path(folder, "prometheus.yaml").write_text(yaml.safe_dump(settings))
        port = free_port()
        server = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yaml", f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{port}"],
            stderr=Path(folder, "log").open("w"),
        )
        try:
            until = time.time() + 60
            wrong = ["Prometheus did not start"]
            # A few scrapes must lie behind for rates; a query that never answers keeps it to the end.
            while wrong and time.time() < until:
                time.sleep(3)
                try:
                    wrong = unanswered(board, f"http://127.0.0.1:{port}", 0.5, everything=True)
                except OSError:
                    pass
            return wrong
        finally:
            server.terminate()
            server.wait()
            exporter.shutdown()


def free_port() -> int:
    with http.server.HTTPServer(("127.0.0.1", 0), Exporter) as server:
        return server.server_port


def main(arguments: list[str]) -> list[str]:
    board = json.loads(FILE.read_text())
    if arguments:
        wrong = unanswered(board, arguments[0].rstrip("/"), float(arguments[1]) if len(arguments) > 1 else 15, everything=False)
    else:
        wrong = not_of_grafana(board) or looked_at(board) or played(board)
    if not wrong:
        panels = sum(panel["type"] != "row" for panel in board["panels"])
        print(f"{panels} panels: {len(list(queries(board)))} queries have an answer")
    return wrong


if __name__ == "__main__":
    sys.exit("\n".join(main(sys.argv[1:])) or 0)

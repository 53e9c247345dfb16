"""Drills, watched by a real Prometheus: every query of the dashboard has data.

`watched.py PROGRAM [CYCLES] [DRAWING]` drills the program on SQLite while a Prometheus reads its figures each second, asks every query of
every panel afterwards, and draws the panels into an SVG file where one is named. A drill is random and may lack something rare, such as
a refused signature: then a second and a third one follow under the same Prometheus.
"""

import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import dashboard
import draw

MOST_DRILLS = 3
# A drill's Zendesk names no limits: they would slow the killing down.
NOT_NAMED = "misread_zendesk_rate_limit"
SETTINGS = """
global: {{scrape_interval: 1s}}
scrape_configs:
  - job_name: misread
    static_configs: [{{targets: ['127.0.0.1:{port}']}}]
"""


def is_ready(url: str) -> bool:
    try:
        return urllib.request.urlopen(f"{url}/-/ready", timeout=5).status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def drilled(program: str, cycles: str, served: int) -> int:
    """Drills once; returns the number of kills."""
    command = [program, "drill", "--store", "sqlite", "--cycles", cycles, "--metrics", str(served)]
    drill = subprocess.run(command, capture_output=True, text=True)
    if drill.returncode != 0:
        raise SystemExit(drill.stdout + drill.stderr)
    return int(next(line.split()[-1] for line in drill.stdout.splitlines() if "kills" in line))


def main(program: str, cycles: str = "25", drawing: str = "") -> None:
    begun, served, address = time.time(), dashboard.free_port(), f"127.0.0.1:{dashboard.free_port()}"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "prometheus.yml").write_text(SETTINGS.format(port=served))
        watcher = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data", f"--web.listen-address={address}", "--log.level=warn"],
        )
        try:
            url = f"http://{address}"
            while not is_ready(url):
                assert watcher.poll() is None, "Prometheus did not start"
                time.sleep(0.1)
            board, kills = json.loads(dashboard.FILE.read_text()), 0
            asked = [query for _, query in dashboard.queries(board) if NOT_NAMED not in query]
            for drills in range(1, MOST_DRILLS + 1):
                kills += drilled(program, cycles, served)
                minutes = (time.time() - begun) / 60
                empty = [told for told in dashboard.unanswered(board, url, minutes, everything=False) if NOT_NAMED not in told]
                print(f"{drills} drills, {kills} kills, {minutes:.1f} minutes: {len(asked) - len(empty)} of {len(asked)} queries have data")
                if not empty:
                    break
            if drawing:
                Path(drawing).write_text(draw.board(board, url, minutes))
            if empty:
                raise SystemExit("\n".join(empty))
        finally:
            watcher.terminate()
            watcher.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])

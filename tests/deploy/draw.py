"""Draws the dashboard's panels from a Prometheus, as SVG: `draw.py URL MINUTES FILE`. It asks what Grafana would ask."""

import json
import math
import sys
from html import escape
from pathlib import Path

import dashboard

COLUMN, ROW, MARGIN = 60, 26, 8
COLOURS = ["#7eb26d", "#eab839", "#6ed0e0", "#ef843c", "#e24d42", "#1f78c1", "#ba43a9", "#705da0"]
# Symbols of Grafana's units that the board uses; the others are plain numbers.
UNITS = {"s": " s", "bytes": " B", "percentunit": "", "currencyKRW": " ₩", "short": ""}


def shown(value: float, unit: str) -> str:
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g} {letter}{UNITS.get(unit, '').strip()}"
    return f"{value:.3g}{UNITS.get(unit, '')}"


def named(target: dict, series: dict) -> str:
    text = target.get("legendFormat") or ""
    for label, value in series["metric"].items():
        text = text.replace("{{" + label + "}}", value)
    return text or ", ".join(series["metric"].values())


def numbers(series: dict) -> list[tuple[float, float]]:
    return [(float(at), float(value)) for at, value in series["values"] if math.isfinite(float(value))]


def panel(one: dict, url: str, minutes: float) -> str:
    at, unit = one["gridPos"], one["fieldConfig"]["defaults"].get("unit", "short")
    x, y, width, height = at["x"] * COLUMN, at["y"] * ROW, at["w"] * COLUMN - MARGIN, at["h"] * ROW - MARGIN
    parts = [f'<rect x="{x}" y="{y}" width="{width}" height="{height}" class="panel"/>', f'<text x="{x + 8}" y="{y + 16}" class="title">{escape(one["title"])}</text>']
    answers = [(named(target, series), numbers(series)) for target in one["targets"] for series in dashboard.ask(url, target["expr"], minutes)]
    answers = [(name, values) for name, values in answers if values]
    if not answers:
        return "\n".join([*parts, f'<text x="{x + 8}" y="{y + 40}" class="none">no data</text>'])
    if one["type"] != "timeseries":
        for place, (name, values) in enumerate(answers[: (height - 30) // 16]):
            parts.append(f'<text x="{x + 8}" y="{y + 38 + 16 * place}" class="name">{escape(name)}: {escape(shown(values[-1][1], unit))}</text>')
        return "\n".join(parts)
    points = [point for _, values in answers for point in values]
    first, last = min(at for at, _ in points), max(at for at, _ in points)
    low, high = min(0.0, min(value for _, value in points)), max(value for _, value in points)
    left, right, top, bottom = x + 48, x + width - 8, y + 26, y + height - 38
    across = lambda at: left + (right - left) * (at - first) / max(last - first, 1)
    up = lambda value: bottom - (bottom - top) * (value - low) / ((high - low) or 1)
    for value in (low, high):
        parts.append(f'<line x1="{left}" x2="{right}" y1="{up(value):.1f}" y2="{up(value):.1f}" class="grid"/>')
        parts.append(f'<text x="{left - 4}" y="{up(value) + 4:.1f}" class="axis">{escape(shown(value, unit))}</text>')
    for number, (_, values) in enumerate(answers):
        line = " ".join(f"{across(at):.1f},{up(value):.1f}" for at, value in values)
        parts.append(f'<polyline points="{line}" style="stroke:{COLOURS[number % len(COLOURS)]}"/>')
    legend = " ".join(f'<tspan style="fill:{COLOURS[number % len(COLOURS)]}">● {escape(name)} </tspan>' for number, (name, _) in enumerate(answers[:6]))
    return "\n".join([*parts, f'<text x="{x + 8}" y="{y + height - 10}" class="name">{legend}</text>'])


def board(of: dict, url: str, minutes: float) -> str:
    drawn, bottom = [], 0
    for one in of["panels"]:
        at = one["gridPos"]
        bottom = max(bottom, at["y"] + at["h"])
        if one["type"] == "row":
            drawn.append(f'<text x="0" y="{at["y"] * ROW + 18}" class="row">{escape(one["title"])}</text>')
        else:
            drawn.append(panel(one, url, minutes))
    style = """text { font: 11px sans-serif; fill: #444 } .title { font-weight: 600 } .row { font-size: 15px; font-weight: 700 } .axis { text-anchor: end }
    .none { fill: #999 } .panel { fill: #fff; stroke: #ddd } .grid { stroke: #eee } polyline { fill: none; stroke-width: 1.2 }"""
    size = f'width="{24 * COLUMN}" height="{bottom * ROW}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n<style>{style}</style>\n' + "\n".join(drawn) + "\n</svg>\n"


if __name__ == "__main__":
    Path(sys.argv[3]).write_text(board(json.loads(dashboard.FILE.read_text()), sys.argv[1], float(sys.argv[2])))

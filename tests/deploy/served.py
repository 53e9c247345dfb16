"""served.py URL: whether a service's listener serves what the list of metrics says, and nothing else.

Best after a drill: a counter with a label has no series before its first event. `--at-rest` forgives those.
"""

import re
import sys
import urllib.request

import metrics

SERIES = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*?)\})? \S+", re.MULTILINE)
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def compared(text: str, at_rest: bool) -> list[str]:
    known, wrong = metrics.served(), []
    found: dict[str, list[dict[str, str]]] = {}
    for name, labels in SERIES.findall(text):
        found.setdefault(name, []).append(dict(LABEL.findall(labels)))
    for name, series in found.items():
        if name not in known:
            wrong.append(f"{name} is served and not in the list")
        else:
            wrong += [f"{name} has the labels {sorted(labels)}" for labels in {tuple(one) for one in series} if set(labels) != known[name]]
    for name, metric in metrics.listed().items():
        first = f"{name}_count" if metric.kind == "histogram" else name
        may_lack = metric.sometimes or (at_rest and metric.labels) or name == "misread_cases_oldest_timestamp_seconds"
        if first not in found and not may_lack:
            wrong.append(f"{name} is in the list and not served")
        for label, values in metric.labels.items():
            told = {one.get(label) for one in found.get(first, [])}
            wrong += [f'{name} has no series with {label}="{value}"' for value in values if first in found and value not in told]
    return wrong


def main(arguments: list[str]) -> list[str]:
    with urllib.request.urlopen(arguments[0], timeout=30) as answer:
        wrong = compared(answer.read().decode(), "--at-rest" in arguments)
    if not wrong:
        print(f"{len(metrics.listed())} metrics are served as listed")
    return wrong


if __name__ == "__main__":
    sys.exit("\n".join(main(sys.argv[1:])) or 0)

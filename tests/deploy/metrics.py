"""The list of served metrics, and what a query names of it."""

import re
from dataclasses import dataclass
from pathlib import Path

LIST = Path("tests/deploy/metrics.txt")
# What every scrape adds.
OF_THE_SCRAPE = {"up": set()}
LABELS_OF_THE_SCRAPE = {"job", "instance"}
# Words of the query language that are followed by a label list, and those that look like names.
KEYWORDS = {"and", "or", "unless", "by", "without", "on", "ignoring", "group_left", "group_right", "offset", "bool", "inf", "nan"}


@dataclass(frozen=True)
class Metric:
    kind: str
    # Each label with the values that are served from the start.
    labels: dict[str, list[str]]
    # Served with some settings only.
    sometimes: bool


def listed() -> dict[str, Metric]:
    """The list, by the names that are in it."""
    found = {}
    for line in LIST.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        name, kind, *labels = line.split()
        values = dict(re.fullmatch(r"(\w+)(?:\{(.*)\})?", label).groups() for label in labels)
        kind, sometimes = kind.strip("()"), kind.startswith("(")
        assert kind in ("gauge", "counter", "histogram") and name not in found, line
        assert (kind == "counter") == name.endswith("_total"), f"{name}: a counter, and nothing else, ends with _total"
        found[name] = Metric(kind, {label: (told or "").split(",") if told else [] for label, told in values.items()}, sometimes)
    return found


def served() -> dict[str, set[str]]:
    """Each series' name with its labels; a histogram has three."""
    names = dict(OF_THE_SCRAPE)
    for name, metric in listed().items():
        labels = set(metric.labels)
        if metric.kind == "histogram":
            names |= {f"{name}_bucket": labels | {"le"}, f"{name}_sum": labels, f"{name}_count": labels}
        else:
            names[name] = labels
    return names


def faults(query: str, known: dict[str, set[str]]) -> list[str]:
    """What a query names that is not served."""
    found = []
    text = re.sub(r'"[^"]*"', '""', query)
    used = set()
    for name, matchers in re.findall(r"([a-zA-Z_:][\w:]*)\s*\{([^}]*)\}", text):
        used.add(name)
        for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers):
            if name in known and label not in known[name] | LABELS_OF_THE_SCRAPE:
                found.append(f"{name} has no label {label}")
    text = re.sub(r"\{[^}]*\}", "", text)
    text = re.sub(r"\[[^\]]*\]", "", text)
    grouped = {label for labels in re.findall(r"\b(?:by|without|on)\s*\(([^)]*)\)", text) for label in re.findall(r"\w+", labels)}
    text = re.sub(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", "", text)
    text = re.sub(r"\boffset\s+\w+", "", text)
    # A name before a bracket is a function.
    used |= {name for name in re.findall(r"(?<![\w.])([a-zA-Z_:][\w:]*)\b(?!\s*\()", text) if name not in KEYWORDS}
    used = {name for name in used if not name.startswith("__")}
    found += [f"{name} is not served" for name in used if name not in known]
    labels = set().union(LABELS_OF_THE_SCRAPE, *(known[name] for name in used if name in known))
    found += [f"no metric here has the label {label}" for label in grouped - labels]
    if not used:
        found.append("names no metric")
    return found

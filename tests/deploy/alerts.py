"""Every alert is tested both ways, has its heading in the runbook, and asks only for metrics that are served."""

import re
import sys
from pathlib import Path

import metrics
import yaml

FOLDER = Path("deploy/prometheus")
RUNBOOK = Path("deploy/RUNBOOK.md")
SEVERITIES = {"page", "ticket", "operations"}


def rules() -> dict[str, dict]:
    groups = yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"]
    every = [rule for group in groups for rule in group["rules"]]
    assert len({rule["alert"] for rule in every}) == len(every), "an alert stands twice"
    return {rule["alert"]: rule for rule in every}


def tested() -> tuple[set[str], set[str]]:
    """The alerts with a series that fires them, and those with one that must not."""
    fires, silent = set(), set()
    for file in FOLDER.glob("*.test.yaml"):
        for test in yaml.safe_load(file.read_text())["tests"]:
            for case in test["alert_rule_test"]:
                (fires if case["exp_alerts"] else silent).add(case["alertname"])
    return fires, silent


def anchors(paper: Path) -> set[str]:
    """The links that a paper's headings make, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", paper.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(text: str) -> list[str]:
    wrong = []
    for link in re.findall(r"\]\(([^)]+)\)", text):
        path, _, anchor = link.partition("#")
        to = (RUNBOOK.parent / path) if path else RUNBOOK
        if not to.exists() or (anchor and anchor not in anchors(to)):
            wrong.append(f"{RUNBOOK}: {link} leads nowhere")
    return wrong


def main() -> list[str]:
    known, alerts, wrong = metrics.served(), rules(), []
    fires, silent = tested()
    for name, rule in alerts.items():
        wrong += [f"{name}: {fault}" for fault in metrics.faults(rule["expr"], known)]
        if rule["labels"].get("severity") not in SEVERITIES:
            wrong.append(f"{name}: severity is one of {SEVERITIES}")
        if rule["annotations"].get("runbook") != f"deploy/RUNBOOK.md#{name.lower()}":
            wrong.append(f"{name}: the annotation `runbook` names its heading")
    wrong += [f"{name}: no series that fires it" for name in alerts.keys() - fires]
    wrong += [f"{name}: no series that must not fire it" for name in alerts.keys() - silent]
    text = RUNBOOK.read_text()
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    wrong += [f"{name}: no heading in {RUNBOOK}" for name in alerts.keys() - sections.keys()]
    wrong += [f"{name}: a heading without an alert" for name in sections.keys() - alerts.keys()]
    for name, section in sections.items():
        parts = re.findall(r"^- \*\*(\w+):\*\* \S", section, re.MULTILINE)
        if parts != ["Means", "First", "Cause", "Cure"]:
            wrong.append(f"{RUNBOOK}, {name}: Means, First, Cause, Cure, each with its text")
    for query in re.findall(r"`([^`]*misread_[a-z_]+[^`]*)`", text):
        wrong += [f"{RUNBOOK}: {fault}" for fault in metrics.faults(query, known)]
    wrong += broken_links(text)
    if not wrong:
        print(f"{len(alerts)} alerts, each with its heading and tested both ways; {len(known)} series are served")
    return wrong


if __name__ == "__main__":
    sys.exit("\n".join(main()) or 0)

"""The Compose file: valid, and its parts name each other and the sandbox as these are."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import yaml

FILE = Path("deploy/compose.yaml")


def valid() -> list[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    told = subprocess.run(command, capture_output=True, text=True)
    return [] if told.returncode == 0 else [told.stdout + told.stderr]


def of_source(path: str, pattern: str) -> dict[str, str]:
    found = dict(re.findall(pattern, Path(path).read_text()))
    assert found, f"{path} has changed"
    return found


def variables() -> dict[str, str]:
    lines = Path("deploy/demo/demo.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def sandbox(environment: dict[str, str]) -> list[str]:
    """The published secrets and numbers of the sandbox."""
    secrets = of_source("src/testbed/sandbox.rs", r'pub const (\w+): &str = "([^"]+)"')
    wrong = [
        f"{variable} is not the sandbox's"
        for variable, constant in {
            "MISREAD_WEBHOOK_SECRET": "WEBHOOK_SECRET",
            "MISREAD_ZENDESK_CLIENT_ID": "CLIENT_ID",
            "MISREAD_ZENDESK_CLIENT_SECRET": "CLIENT_SECRET",
            "MISREAD_PARKING_TOKEN": "PARKING_TOKEN",
        }.items()
        if environment[variable] != secrets[constant]
    ]
    numbers = of_source("src/sandbox/seed/account.rs", r"(\w+)_(?:field|group): ([\d_]+),")
    settings = of_source("deploy/demo/misread.toml", r"(\w+) = (\d+)")
    theirs = {name: number.replace("_", "") for name, number in numbers.items()}
    return wrong + ([] if theirs == settings else [f"the numbers are {theirs}"])


def port(service: dict) -> set[int]:
    return {int(published.split(":")[-1]) for published in service.get("ports", [])}


def fits(services: dict) -> list[str]:
    environment, wrong = variables(), []
    for name, service in services.items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith(".") and not (FILE.parent / source).exists():
                wrong.append(f"{name}: {source} is not there")
        if not {published.split(":")[0] for published in service.get("ports", [])} <= {"127.0.0.1"}:
            wrong.append(f"{name}: is published beyond this machine")
    target = yaml.safe_load(Path("deploy/prometheus/prometheus.yaml").read_text())["scrape_configs"][0]["static_configs"][0]["targets"][0]
    if target != "misread:" + environment["MISREAD_METRICS_LISTEN"].split(":")[1]:
        wrong.append(f"Prometheus asks {target}")
    source = yaml.safe_load(Path("deploy/grafana/provisioning/datasources/prometheus.yaml").read_text())["datasources"][0]
    addresses = [source["url"], environment["MISREAD_ZENDESK_URL"], environment["MISREAD_PARKING_URL"], services["sandbox"]["command"][-1]]
    for address in map(urlsplit, addresses):
        if address.hostname not in services or address.port not in port(services[address.hostname]):
            wrong.append(f"no service has the address {address.geturl()}")
    if int(environment["MISREAD_CONSOLE_LISTEN"].split(":")[1]) not in port(services["misread"]):
        wrong.append("the console is not published")
    if not any(volume.split(":")[1] == environment["MISREAD_CONSOLE_USERS"] for volume in services["misread"]["volumes"]):
        wrong.append("the file of the console's users is not mounted")
    database, made = urlsplit(environment["MISREAD_DATABASE_URL"]), services["postgres"]["environment"]
    wanted = (made["POSTGRES_USER"], made["POSTGRES_PASSWORD"], "postgres", "/" + made["POSTGRES_DB"])
    if (database.username, database.password, database.hostname, database.path) != wanted:
        wrong.append("the ledger's address is not the database's")
    if services["sandbox"]["image"] != services["misread"]["image"]:
        wrong.append("the sandbox is of another image")
    return wrong + sandbox(environment)


def main() -> list[str]:
    services = yaml.safe_load(FILE.read_text())["services"]
    wrong = valid() or fits(services)
    if not wrong:
        print(f"{len(services)} services, valid by the Compose specification's schema")
    return wrong


if __name__ == "__main__":
    sys.exit("\n".join(main()) or 0)

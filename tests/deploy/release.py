"""The bill of materials: valid CycloneDX, the crates that Cargo itself names, the same each time."""

import json
import sys
import tomllib
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

sys.path.insert(0, "deploy/release.d")
import sbom  # noqa: E402


def declared() -> set[str]:
    """The direct dependencies of the program by its manifests, under their names in the registry."""
    names = set()
    for path in ("Cargo.toml", "src/core/Cargo.toml", "src/sandbox/Cargo.toml"):
        names |= tomllib.loads(Path(path).read_text()).get("dependencies", {}).keys()
    return names


def locked() -> set[str]:
    packages = tomllib.loads(Path("Cargo.lock").read_text())["package"]
    return {f"pkg:cargo/{one['name']}@{one['version']}" for one in packages}


def main() -> list[str]:
    bill, wrong = sbom.bill(), []
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)):
        wrong.append(f"no CycloneDX: {fault}")
    root = bill["metadata"]["component"]["bom-ref"]
    inside = {one["purl"] for one in bill["components"] if one["scope"] == "required"} | {root}
    every = {one["purl"] for one in bill["components"]} | {root}
    if unlocked := every - locked():
        wrong.append(f"not in Cargo.lock: {sorted(unlocked)}")
    names = {one["name"] for one in bill["components"] if one["scope"] == "required"}
    if missing := declared() - names:
        wrong.append(f"not in the bill: {sorted(missing)}")
    # In Cargo.lock, but of features that are off or for tests.
    if foreign := {"quinn", "sqlx-mysql", "proptest", "insta"} & {one["name"] for one in bill["components"]}:
        wrong.append(f"not in the program: {sorted(foreign)}")
    for one in bill["components"]:
        foreign = not one["name"].startswith("misread")
        if foreign and not ("hashes" in one and "licenses" in one):
            wrong.append(f"{one['name']}: no checksum or no licence")
    if {one["ref"] for one in bill["dependencies"]} != every:
        wrong.append("the dependencies are not of all components")
    if sbom.bill() != bill:
        wrong.append("differs the second time")
    if not wrong:
        print(f"{len(inside) - 1} crates in the program, {len(every) - len(inside)} of its build, valid CycloneDX 1.6")
    return wrong


if __name__ == "__main__":
    sys.exit("\n".join(main()) or 0)

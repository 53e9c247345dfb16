"""sbom.py FILE [TARGET]: a CycloneDX bill of the crates that are in the program, from Cargo's own figures.

Crates that only the build runs (build scripts and what they use) have the scope `excluded`. The file depends on the commit alone.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
import uuid
from datetime import datetime, timezone
from pathlib import Path

TARGET = "x86_64-unknown-linux-gnu"


def cargo(target: str) -> dict:
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def checksums() -> dict[tuple[str, str], str]:
    packages = tomllib.loads(Path("Cargo.lock").read_text())["package"]
    return {(one["name"], one["version"]): one["checksum"] for one in packages if "checksum" in one}


def tree(target: str, edges: str) -> set[str]:
    """The crates of the program by these edges. `cargo metadata` also names those of features that are off."""
    command = ["cargo", "tree", "--locked", "--target", target, "--edges", edges, "--prefix", "none", "--format", "{p}"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {f"pkg:cargo/{name}@{version}" for name, version in re.findall(r"^(\S+) v(\S+)", told, re.MULTILINE)}


def reference(package: dict) -> str:
    return f"pkg:cargo/{package['name']}@{package['version']}"


def component(package: dict, known: dict[tuple[str, str], str], scope: str) -> dict:
    told = {
        "type": "library",
        "bom-ref": reference(package),
        "name": package["name"],
        "version": package["version"],
        "scope": scope,
        "purl": reference(package),
    }
    if licence := package.get("license"):
        # Before SPDX expressions, Cargo's manifests wrote a slash for OR.
        told["licenses"] = [{"expression": licence.replace("/", " OR ")}]
    if checksum := known.get((package["name"], package["version"])):
        told["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    if repository := package.get("repository"):
        told["externalReferences"] = [{"type": "vcs", "url": repository}]
    return told


def bill(target: str = TARGET) -> dict:
    metadata, known = cargo(target), checksums()
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    inside, with_build = tree(target, "normal"), tree(target, "normal,build")
    all_of_it = {name for name in nodes if reference(packages[name]) in with_build}
    order = sorted(all_of_it - {root}, key=lambda name: (packages[name]["name"], packages[name]["version"]))
    program = component(packages[root], known, "required") | {"type": "application"}
    del program["scope"]
    components = [component(packages[name], known, "required" if reference(packages[name]) in inside else "excluded") for name in order]
    dependencies = [
        {
            "ref": reference(packages[name]),
            "dependsOn": sorted({reference(packages[dep["pkg"]]) for dep in nodes[name]["deps"] if dep["pkg"] in all_of_it and any(kind["kind"] != "dev" for kind in dep["dep_kinds"])}),
        }
        for name in [root, *order]
    ]
    at = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), timezone.utc)
    content = {
        "metadata": {"timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "component": program},
        "components": components,
        "dependencies": dependencies,
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(content, sort_keys=True))
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}", "version": 1, **content}


if __name__ == "__main__":
    told = bill(*sys.argv[2:3])
    Path(sys.argv[1]).write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    inside = sum(one["scope"] == "required" for one in told["components"])
    print(f"{sys.argv[1]}: {inside} crates in the program, {len(told['components']) - inside} of its build")

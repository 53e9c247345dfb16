"""The Kubernetes base: built by kustomize, valid for a current release, and as the platform's restricted profile wants it."""

import subprocess
import sys
from pathlib import Path

import jsonschema
import kubernetes_validate
import yaml

FOLDERS = [Path("deploy/kubernetes"), Path("tests/deploy/with-console")]
RELEASE = "1.37"
KINDS = {"Namespace", "ConfigMap", "Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy", "ServiceMonitor", "Job"}
# What the Prometheus operator requires of the fields that are used here.
MONITOR = {
    "type": "object",
    "required": ["apiVersion", "kind", "metadata", "spec"],
    "properties": {
        "apiVersion": {"const": "monitoring.coreos.com/v1"},
        "spec": {
            "type": "object",
            "additionalProperties": False,
            "required": ["endpoints", "selector"],
            "properties": {
                "jobLabel": {"type": "string"},
                "selector": {"type": "object", "additionalProperties": False, "properties": {"matchLabels": {"type": "object"}}},
                "endpoints": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {"port": {"type": "string"}, "interval": {"type": "string", "pattern": "^[0-9]+[smh]$"}},
                    },
                },
            },
        },
    },
}


def built(folder: Path) -> list[dict]:
    told = subprocess.run(["kubectl", "kustomize", str(folder)], check=True, capture_output=True, text=True)
    return [one for one in yaml.safe_load_all(told.stdout) if one]


def valid(document: dict) -> list[str]:
    name = f"{document['kind']} {document['metadata']['name']}"
    if document["kind"] == "ServiceMonitor":
        return [f"{name}: {error.json_path}: {error.message}" for error in jsonschema.Draft202012Validator(MONITOR).iter_errors(document)]
    try:
        kubernetes_validate.validate(document, RELEASE, strict=True)
    except kubernetes_validate.ValidationError as error:
        return [f"{name}: {error.message} at {list(error.path)}"]
    return []


def restricted(pod: dict, name: str) -> list[str]:
    """What the profile `restricted` of the pod security standards asks, and a read-only root."""
    wrong, of_pod = [], pod["securityContext"]
    if not of_pod.get("runAsNonRoot") or of_pod.get("runAsUser") != 65532:
        wrong.append("does not run as the image's user")
    if of_pod.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        wrong.append("has no seccomp profile")
    if pod.get("automountServiceAccountToken") is not False:
        wrong.append("gets a token of the cluster")
    # The variables that Kubernetes makes of a service called misread begin with MISREAD_, which the program refuses.
    if pod.get("enableServiceLinks") is not False:
        wrong.append("gets variables of services")
    for container in pod["containers"]:
        of_container = container["securityContext"]
        if of_container.get("allowPrivilegeEscalation") is not False or of_container.get("capabilities") != {"drop": ["ALL"]}:
            wrong.append("may get more rights")
        if of_container.get("readOnlyRootFilesystem") is not True:
            wrong.append("may write to its root")
        if "memory" not in container["resources"]["limits"]:
            wrong.append("has no limit on memory")
    return [f"{name}: {what}" for what in wrong]


def fits(documents: list[dict]) -> list[str]:
    """Whether names that must be the same are the same."""
    wrong, by_kind = [], {}
    for document in documents:
        by_kind.setdefault(document["kind"], []).append(document)
    if by_kind.keys() != KINDS:
        return [f"the kinds are {sorted(by_kind)}"]
    deployment, job = by_kind["Deployment"][0], by_kind["Job"][0]
    services = {service["metadata"]["name"]: service for service in by_kind["Service"]}
    service, console = services["misread"], services.get("misread-console")
    template = deployment["spec"]["template"]
    labels, container = template["metadata"]["labels"], template["spec"]["containers"][0]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    selectors = [
        deployment["spec"]["selector"]["matchLabels"],
        *(service["spec"]["selector"] for service in services.values()),
        by_kind["PodDisruptionBudget"][0]["spec"]["selector"]["matchLabels"],
        template["spec"]["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"],
    ]
    if any(not selector.items() <= labels.items() for selector in selectors):
        wrong.append("a selector does not select the replicas")
    if labels.items() <= job["spec"]["template"]["metadata"]["labels"].items():
        wrong.append("the check would get deliveries")
    if not by_kind["ServiceMonitor"][0]["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items():
        wrong.append("the monitor does not select the service")
    asked = {probe["httpGet"]["port"] for key, probe in container.items() if key.endswith("Probe")}
    asked |= {port["targetPort"] for each in services.values() for port in each["spec"]["ports"]}
    if not asked <= ports.keys():
        wrong.append(f"no port {asked - ports.keys()}")
    rules = [rule for policy in by_kind["NetworkPolicy"] for rule in policy["spec"]["ingress"]]
    allowed = {port["port"] for rule in rules for port in rule["ports"]}
    if allowed != set(ports.values()):
        wrong.append(f"the network lets {allowed} in, the replica listens at {set(ports.values())}")
    wrong += console_fits(console, container, rules, service)
    budget = by_kind["PodDisruptionBudget"][0]["spec"]["minAvailable"]
    if not 0 < budget < deployment["spec"]["replicas"]:
        wrong.append("no node could be drained, or all at once")
    if template["spec"]["terminationGracePeriodSeconds"] < 25 + container["lifecycle"]["preStop"]["sleep"]["seconds"]:
        wrong.append("a replica is killed before it has given its cases back")
    check = job["spec"]["template"]["spec"]
    if [one["env"] + one["envFrom"] for one in check["containers"]] != [container["env"] + container["envFrom"]]:
        wrong.append("the check does not see what the service sees")
    if job["spec"]["template"]["spec"]["containers"][0]["image"] != container["image"]:
        wrong.append("the check is of another image")
    wrong += restricted(template["spec"], "Deployment") + restricted(check, "Job")
    return wrong


def console_fits(console: dict | None, container: dict, rules: list[dict], webhooks: dict) -> list[str]:
    """Whether the console, if there is one, is reached from other places than the webhooks."""
    variables = {one["name"]: one.get("value") for one in container["env"]}
    listen = variables.get("MISREAD_CONSOLE_LISTEN")
    if (listen is None) != (console is None):
        return ["there is a console without a Service, or a Service without a console"]
    if console is None:
        return []
    wrong, port = [], console["spec"]["ports"][0]["port"]
    ports = {one["name"]: one["containerPort"] for one in container["ports"]}
    if listen != f"0.0.0.0:{port}" or ports.get("console") != port:
        wrong.append(f"the console listens at {listen}, its Service is for {port}")
    if any(one["targetPort"] == "console" for one in webhooks["spec"]["ports"]):
        wrong.append("the console is reached where webhooks are")
    if any({port, 8080} <= {one["port"] for one in rule["ports"]} for rule in rules):
        wrong.append("the network lets the console's callers reach the webhooks")
    froms = {one["port"]: str(rule["from"]) for rule in rules for one in rule["ports"]}
    if froms[port] in (froms[8080], froms[9464]):
        wrong.append("the console is open to where the internet or Prometheus is")
    mounts = [mount["mountPath"] for mount in container["volumeMounts"]]
    if not any(variables["MISREAD_CONSOLE_USERS"].startswith(f"{path}/") for path in mounts):
        wrong.append("the file of the console's users is not mounted")
    return wrong


def main() -> list[str]:
    wrong = []
    for folder in FOLDERS:
        documents = built(folder)
        of_folder = [fault for document in documents for fault in valid(document)] + fits(documents)
        if not of_folder:
            print(f"{folder}: {len(documents)} objects, valid for Kubernetes {RELEASE}")
        wrong += [f"{folder}: {fault}" for fault in of_folder]
    return wrong


if __name__ == "__main__":
    sys.exit("\n".join(main()) or 0)

"""Holds the fake Zendesk's success answers against Zendesk's own description of its API.

Argument: the description, a file in OpenAPI 3.0 (YAML), as Zendesk publishes it.
Environment: ZENDESK_URL is the fake's address; ADMIN_CLIENT_ID and ADMIN_CLIENT_SECRET are those of its
admin's OAuth client. One line a kind of answer, then every difference once, each with the answers that show it:
    wrong       the description does not allow what the fake answers
    null        the fake answers null, as Zendesk does for what is not set, where the description allows none
    undeclared  the fake answers a property that the description does not name
What is none of the fake's stands in KNOWN with its reason. Status 1 when there is a wrong one that does not.
"""

import collections
import os
import re
import sys
import time
from urllib.parse import urlsplit

import requests
import yaml
from jsonschema.validators import extend
from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

ADDRESS = os.environ["ZENDESK_URL"]
PATIENCE_SECONDS = 20
OPENED = "본인 미사용: 주차한 적이 없어요"

# Part of a difference's text → why it is none of the fake's.
KNOWN = {
    ".conditions.all[].value: bool": "the triggers that Zendesk puts into every account compare with true",
    ".result.ticket.fields: list": "not certain: a ticket has a list everywhere else, and the description's example shows one field",
}

# OpenAPI 3.0 has no type of that name; the description uses it all the same.
Validator = extend(
    OAS30Validator, type_checker=OAS30Validator.TYPE_CHECKER.redefine("null", lambda _, value: value is None)
)


class Description:
    """What Zendesk says that its API answers."""

    def __init__(self, path):
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        # A bare = is a kind of its own in YAML 1.1; there it is an example's text.
        loader.add_constructor("tag:yaml.org,2002:value", loader.construct_yaml_str)
        with open(path, encoding="utf-8") as file:
            self.document = yaml.load(file, Loader=loader)
        resource = Resource(contents=self.document, specification=DRAFT4)
        self.registry = Registry().with_resource("urn:zendesk", resource)
        # The template with the fewest placeholders fits best: /tickets/show_many before /tickets/{ticket_id}.
        templates = sorted(self.document["paths"], key=lambda template: template.count("{"))
        self.templates = [
            (template, re.compile(re.sub(r"\\{[^}]+\\}", r"[^/]+", re.escape(template)) + r"(\.json)?$"))
            for template in templates
        ]

    def at(self, path):
        """The template that a path follows, or None."""
        return next((template for template, pattern in self.templates if pattern.match(path)), None)

    def schema(self, template, method, status):
        """The schema of an answer, or None where the description has none."""
        operation = self.document["paths"][template].get(method.lower())
        answer = self.resolved((operation or {}).get("responses", {}).get(str(status)))
        content = (answer or {}).get("content", {}).get("application/json", {})
        return content.get("schema")

    def resolved(self, part):
        """What a reference leads to."""
        while isinstance(part, dict) and "$ref" in part:
            target = self.document
            for name in part["$ref"].removeprefix("#/").split("/"):
                target = target[name.replace("~1", "/").replace("~0", "~")]
            part = target
        return part

    def wrong(self, schema, answer):
        """Where the answer is not what the schema allows."""
        rooted = {"$ref": schema["$ref"]} if "$ref" in schema else schema
        validator = Validator(absolute(rooted), registry=self.registry)
        for error in validator.iter_errors(answer):
            yield from leaves(error)

    def undeclared(self, schema, answer, place=""):
        """Properties that the schema does not name."""
        schema = self.resolved(schema) or {}
        if isinstance(answer, list):
            for item in answer:
                yield from self.undeclared(schema.get("items"), item, place + "[]")
        elif isinstance(answer, dict):
            declared, is_open = self.properties(schema)
            for name, value in answer.items():
                if name in declared:
                    yield from self.undeclared(declared[name], value, f"{place}.{name}")
                elif declared and not is_open:
                    yield f"{place}.{name}"

    def properties(self, schema):
        """The properties of an object with those of all its parts, and whether any others may be there."""
        schema = self.resolved(schema) or {}
        found, is_open = dict(schema.get("properties", {})), bool(schema.get("additionalProperties"))
        for word in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(word, []):
                more, more_open = self.properties(part)
                found.update(more)
                is_open = is_open or more_open
        return found, is_open


def absolute(part):
    """The same schema with references that say in which document they lead."""
    if isinstance(part, dict):
        return {
            name: f"urn:zendesk{value}" if name == "$ref" and value.startswith("#") else absolute(value)
            for name, value in part.items()
        }
    return [absolute(item) for item in part] if isinstance(part, list) else part


def leaves(error):
    """The reasons of an error: of those that fit no alternative, each alternative's."""
    if error.context:
        for inner in error.context:
            yield from leaves(inner)
        return
    place = "".join("[]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    kind = type(error.instance).__name__
    if error.validator in ("type", "nullable"):
        yield f"{place}: {kind} where {error.schema.get('type')} is described"
    elif error.validator == "required":
        yield f"{place}: {error.message}"
    else:
        yield f"{place}: {error.validator} {error.validator_value!r}, but {error.instance!r}"[:160]


class Account:
    """The fake account, used as its admin; every answer is held against the description."""

    def __init__(self, description):
        self.description = description
        self.session = requests.Session()
        signed_in = self.session.post(f"{ADDRESS}/oauth/tokens", json={
            "grant_type": "client_credentials",
            "client_id": os.environ["ADMIN_CLIENT_ID"],
            "client_secret": os.environ["ADMIN_CLIENT_SECRET"],
            "scope": "read write",
        })
        signed_in.raise_for_status()
        self.session.headers["Authorization"] = f"Bearer {signed_in.json()['access_token']}"
        self.checked = collections.Counter()
        self.without_schema = set()
        self.wrong = collections.defaultdict(set)
        self.undeclared = collections.defaultdict(set)

    def call(self, method, path, body=None):
        answer = self.session.request(method, f"{ADDRESS}{path}", json=body)
        if not answer.ok:
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text}")
        content = answer.json() if answer.content else None
        template = self.description.at(urlsplit(path).path)
        name = f"{method} {template or urlsplit(path).path} {answer.status_code}"
        schema = template and self.description.schema(template, method, answer.status_code)
        if schema is None:
            self.without_schema.add(name)
            return content
        self.checked[name] += 1
        for difference in self.description.wrong(schema, content):
            self.wrong[difference].add(name)
        for place in self.description.undeclared(schema, content):
            self.undeclared[place].add(name)
        return content

    def get(self, path):
        return self.call("GET", path)


def until(question):
    """Asks again until there is an answer, as long as patience lasts."""
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE_SECONDS:
        answer = question()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"nothing within {PATIENCE_SECONDS} seconds")


def use(account):
    """Everything that the service, its set-up and agents ask of an account."""
    me = account.get("/api/v2/users/me")["user"]["id"]
    ticket = account.call("POST", "/api/v2/tickets", {"ticket": {
        "subject": OPENED, "comment": {"body": OPENED}, "requester": {"name": "김고객", "email": "kim@example.com"},
    }})["ticket"]
    id, requester = ticket["id"], ticket["requester_id"]
    account.get("/api/v2/groups")
    group = account.get("/api/v2/groups/assignable")["groups"][0]["id"]
    account.call("PUT", f"/api/v2/tickets/{id}", {"ticket": {
        "status": "open", "group_id": group, "additional_tags": ["no_self_use"], "priority": "high",
        "comment": {"body": "확인 중입니다.", "public": True}, "metadata": {"misread": "1"},
    }})
    account.call("PUT", f"/api/v2/tickets/{id}", {"ticket": {
        "comment": {"body": "상담원만 봅니다.", "public": False}, "status": "pending",
    }})
    for path in ("", "?include=users,comment_count", "/comments", "/comments?page[size]=2", "/audits"):
        account.get(f"/api/v2/tickets/{id}{path}")
    job = account.call("PUT", "/api/v2/tickets/update_many", {"tickets": [{"id": id, "priority": "low"}]})
    job = job["job_status"]["id"]
    until(lambda: account.get(f"/api/v2/job_statuses/{job}")["job_status"]["status"] == "completed")
    for path in (
        f"tickets/show_many?ids={id}&include=users,comment_count", "tickets", f"job_statuses/show_many?ids={job}",
        "job_statuses", "autocomplete/tags?name=no_s", "brands", "ticket_forms", "custom_statuses",
        f"groups/{group}", f"groups/{group}/memberships",
        "group_memberships", f"users/{me}", f"users/{requester}", f"users/{me}/groups",
        f"users/show_many?ids={me}", "users/search?query=kim@example.com",
        "search?query=type:ticket%20tags:no_self_use", "search/export?query=tags:no_self_use&filter[type]=ticket",
        "audit_logs", "oauth/tokens/current",
    ):
        account.get(f"/api/v2/{path}")

    made = account.call("POST", "/api/v2/macros", {"macro": {"title": "안내", "actions": [
        {"field": "comment_value", "value": "안녕하세요 {{ticket.requester.name}}님"}, {"field": "status", "value": "solved"},
    ]}})["macro"]["id"]
    account.call("PUT", f"/api/v2/macros/{made}", {"macro": {"title": "안내 말씀"}})
    for path in (
        "macros", f"macros/{made}", f"macros/{made}/apply", f"tickets/{id}/macros/{made}/apply", "macros/active",
    ):
        account.get(f"/api/v2/{path}")
    account.call("DELETE", f"/api/v2/macros/{made}")

    category = account.call("POST", "/api/v2/trigger_categories", {"trigger_category": {"name": "본인 미사용"}})
    category = category["trigger_category"]["id"]
    made = account.call("POST", "/api/v2/triggers", {"trigger": {
        "title": "시작", "category_id": category,
        "conditions": {"all": [{"field": "current_tags", "operator": "includes", "value": "no_self_use"}], "any": []},
        "actions": [{"field": "current_tags", "value": "seen"}],
    }})["trigger"]["id"]
    account.call("PUT", f"/api/v2/triggers/{made}", {"trigger": {"active": False}})
    for path in (
        "triggers", f"triggers/{made}", "triggers/search?query=시작", f"triggers/{made}/revisions", "trigger_categories",
    ):
        account.get(f"/api/v2/{path}")
    account.call("DELETE", f"/api/v2/triggers/{made}")

    made = account.call("POST", "/api/v2/ticket_fields", {"ticket_field": {
        "type": "tagger", "title": "상담유형", "custom_field_options": [{"name": "연동", "value": "linked_described"}],
    }})["ticket_field"]["id"]
    option = account.call("POST", f"/api/v2/ticket_fields/{made}/options", {
        "custom_field_option": {"name": "비연동", "value": "unlinked_described"},
    })["custom_field_option"]["id"]
    for path in (
        "ticket_fields", f"ticket_fields/{made}", f"ticket_fields/{made}/options",
        f"ticket_fields/{made}/options/{option}",
    ):
        account.get(f"/api/v2/{path}")
    account.call("DELETE", f"/api/v2/ticket_fields/{made}")


def report(account):
    """Prints what was checked and what differs; returns how many wrong answers nothing explains."""
    for name, times in sorted(account.checked.items()):
        print(f"described     {times:>2}  {name}")
    for name in sorted(account.without_schema):
        print(f"no schema         {name}")
    kinds = {"wrong": {}, "null": {}, "undeclared": account.undeclared}
    for difference, names in account.wrong.items():
        kinds["null" if ": NoneType " in difference or difference.endswith("but None") else "wrong"][difference] = names
    unexplained = 0
    for kind, found in kinds.items():
        for difference, names in sorted(found.items()):
            reason = next((reason for part, reason in KNOWN.items() if part in difference), None)
            unexplained += kind == "wrong" and reason is None
            where = ", ".join(sorted(names)[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
            print(f"{kind:<12}  {difference}  [{where}]" + (f"  ({reason})" if reason else ""))
    counts = ", ".join(f"{len(found)} {kind}" for kind, found in kinds.items())
    answers = sum(account.checked.values())
    print(f"{answers} answers of {len(account.checked)} kinds were held against the description: {counts}; "
          f"{unexplained} wrong ones are not explained")
    return unexplained


if __name__ == "__main__":
    account = Account(Description(sys.argv[1]))
    use(account)
    sys.exit(1 if report(account) else 0)

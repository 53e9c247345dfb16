"""The fake Zendesk as zenpy sees it: a client that knows Zendesk and nothing of this repository.

Environment: ZENDESK_URL is the fake's address; ADMIN_CLIENT_ID and ADMIN_CLIENT_SECRET are those of its
admin's OAuth client, CLIENT_ID and CLIENT_SECRET of the service's, which is an agent's.
One line a check; the first that fails ends the run with a trace and status 1.
"""

import base64
import hashlib
import hmac
import http.server
import os
import queue
import threading
import time
from urllib.parse import urlsplit

import requests

ADDRESS = os.environ["ZENDESK_URL"]
os.environ["ZENPY_FORCE_NETLOC"] = urlsplit(ADDRESS).netloc
os.environ["ZENPY_FORCE_SCHEME"] = urlsplit(ADDRESS).scheme

from zenpy import Zenpy  # noqa: E402  (it reads the two variables above)
from zenpy.lib.api_objects import (  # noqa: E402
    Comment, CustomFieldOption, Group, Macro, Ticket, TicketField, Trigger, User, Webhook,
)
from zenpy.lib.exception import APIException, RecordNotFoundException  # noqa: E402

PATIENCE_SECONDS = 20


def check(sentence, holds, seen=None):
    """Prints the sentence, or fails with what was seen instead."""
    if not holds:
        raise AssertionError(f"{sentence}; seen: {seen!r}")
    print(f"zenpy         ok  {sentence}", flush=True)


def refused(deed, *arguments):
    """The status and body of the answer that refuses the deed, or None where it is done."""
    try:
        deed(*arguments)
    except APIException as error:
        return error.response.status_code, error.response.json()
    return None


def until(question):
    """Asks again until there is an answer, as long as patience lasts."""
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE_SECONDS:
        answer = question()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"nothing within {PATIENCE_SECONDS} seconds")


def signed_in(client_id, client_secret, scope="read write"):
    """A client with a token from the OAuth endpoint, which zenpy itself does not know."""
    request = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret, "scope": scope}
    answer = requests.post(f"{ADDRESS}/oauth/tokens", json=request, timeout=PATIENCE_SECONDS)
    answer.raise_for_status()
    return Zenpy(subdomain="sandbox", oauth_token=answer.json()["access_token"], disable_cache=True)


class Receiver:
    """Somewhere for webhooks to go: what arrives is kept as (headers, body)."""

    def __init__(self):
        arrived = self.arrived = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            """Takes everything."""

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                arrived.put((dict(self.headers.items()), body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{server.server_port}/hook"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def next(self):
        """The headers, by names in lower case, and the body of what arrives next."""
        headers, body = self.arrived.get(timeout=PATIENCE_SECONDS)
        return {name.lower(): value for name, value in headers.items()}, body


def signature(secret, headers, body):
    """What the webhook's signature has to be: of timestamp and body, under the secret."""
    signed = headers["x-zendesk-webhook-signature-timestamp"].encode() + body
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def users_and_groups(zendesk):
    """Returns a customer and a group."""
    me = zendesk.users.me()
    check("the token's user is an admin", me.role == "admin", me.role)
    customer = zendesk.users.create(User(name="지나가는 고객", email="zenpy@example.com", external_id="zenpy-1"))
    check("a user is created as an end user", (customer.role, customer.external_id) == ("end-user", "zenpy-1"))
    customer.name = "고객"
    check("a user is renamed", zendesk.users.update(customer).name == "고객")
    found = list(zendesk.users.search(external_id="zenpy-1"))
    check("a user is found by external id", [user.id for user in found] == [customer.id], found)
    found = list(zendesk.users.search(query="email:zenpy@example.com"))
    check("a user is found by mail address", [user.id for user in found] == [customer.id], found)
    again = zendesk.users.create_or_update(User(name="손님", email="zenpy@example.com"))
    check("who is known is changed, not created", (again.id, again.name) == (customer.id, "손님"), again.to_dict())
    taken = refused(zendesk.users.create, User(name="또", email="zenpy@example.com"))
    check("a mail address is taken once", taken and taken[0] == 422 and taken[1]["error"] == "RecordInvalid", taken)

    group = zendesk.groups.create(Group(name="zenpy 상담"))
    check("a group is created and listed", group.id in [one.id for one in zendesk.groups()])
    group.name = "zenpy 담당"
    check("a group is renamed", zendesk.groups.update(group).name == "zenpy 담당")
    check("a group is shown", zendesk.groups(id=group.id).name == "zenpy 담당")
    return customer, group


def ticket_fields(zendesk):
    """Returns a drop-down with the options zenpy_a and zenpy_b."""
    option = lambda letter: {"name": f"선택 {letter}", "value": f"zenpy_{letter}"}  # noqa: E731
    field = zendesk.ticket_fields.create(
        TicketField(type="tagger", title="zenpy 유형", custom_field_options=[option("a"), option("b"), option("c")]))
    check("a drop-down is created", [one.value for one in field.custom_field_options] == ["zenpy_a", "zenpy_b", "zenpy_c"])
    check("fields are listed, those of the system, too",
          {"subject", "status", "tagger"} <= {one.type for one in zendesk.ticket_fields()})
    added = zendesk.ticket_fields.options.create_or_update(
        field.id, CustomFieldOption(name="선택 d", value="zenpy_d"))
    shown = zendesk.ticket_fields.options.show(field.id, added.id)
    check("an option is added", shown.value == "zenpy_d", shown.to_dict())
    added.name = "마지막"
    renamed = zendesk.ticket_fields.options.create_or_update(field.id, added)
    check("an option is renamed", (renamed.id, renamed.name) == (added.id, "마지막"), renamed.to_dict())
    zendesk.ticket_fields.options.delete(field.id, added.id)
    gone = refused(zendesk.ticket_fields.options.show, field.id, added.id)
    check("a deleted option is gone", gone and gone[0] == 404, gone)
    field.custom_field_options = [{"id": one.id, "name": one.name, "value": one.value}
                                  for one in field.custom_field_options if one.value != "zenpy_c"]
    zendesk.ticket_fields.update(field)
    left = [one.value for one in zendesk.ticket_fields(id=field.id).custom_field_options]
    check("options that a full list leaves out are deleted", left == ["zenpy_a", "zenpy_b"], left)
    return field


def tickets(zendesk, customer, group, field):
    """Returns a ticket of the customer."""
    audit = zendesk.tickets.create(Ticket(
        subject="주차한 적이 없어요", comment=Comment(body="저는 거기 주차하지 않았습니다.", public=True),
        requester_id=customer.id, group_id=group.id, tags=["zenpy"], custom_fields=[{"id": field.id, "value": "zenpy_a"}]))
    ticket = audit.ticket
    check("a ticket is created for its requester", ticket.requester_id == customer.id)
    check("its creation is an audit with events",
          {"Create", "Comment"} <= {event["type"] for event in audit.audit.events}, audit.audit.events)
    check("the option's value is a tag", sorted(ticket.tags) == ["zenpy", "zenpy_a"], ticket.tags)
    shown = zendesk.tickets(id=ticket.id)
    check("it is shown", (shown.subject, shown.group_id) == (ticket.subject, group.id))

    shown.status = "pending"
    shown.comment = Comment(body="확인하고 있습니다.", public=False)
    audit = zendesk.tickets.update(shown)
    check("it is updated", audit.ticket.status == "pending", audit.ticket.status)
    changes = {event["field_name"]: (event["previous_value"], event["value"])
               for event in audit.audit.events if event["type"] == "Change"}
    check("the audit tells the change", changes["status"] == ("new", "pending"), changes)
    comments = list(zendesk.tickets.comments(ticket))
    check("its comments are listed, oldest first", [one.public for one in comments] == [True, False], comments)
    check("their bodies are plain and HTML",
          comments[0].plain_body == comments[0].body and "<p" in comments[0].html_body, comments[0].to_dict())
    audits = list(zendesk.tickets.audits(ticket))
    check("its audits are listed", [one.id for one in audits][-1] == audit.audit.id and len(audits) == 2, audits)

    check("tags are added", set(zendesk.tickets.add_tags(ticket.id, ["둘"])) == {"zenpy", "zenpy_a", "둘"})
    check("tags are removed", set(zendesk.tickets.delete_tags(ticket.id, ["둘"])) == {"zenpy", "zenpy_a"})
    check("tags are set", set(zendesk.tickets.set_tags(ticket.id, ["zenpy", "zenpy_b"])) == {"zenpy", "zenpy_b"})
    values = {one["id"]: one["value"] for one in zendesk.tickets(id=ticket.id).custom_fields}
    check("a tag of an option sets the field", values[field.id] == "zenpy_b", values)
    check("listed tickets have it", ticket.id in [one.id for one in zendesk.tickets()])
    try:
        zendesk.tickets(id=1)
        raise AssertionError("a ticket was found that is not")
    except RecordNotFoundException as error:
        check("what does not exist is not found", error.response.json()["error"] == "RecordNotFound")
    return ticket


def bulk_and_search(zendesk, customer):
    """Two tickets changed by one job, and found by one search."""
    made = [zendesk.tickets.create(Ticket(subject=f"여럿 {number}", comment=Comment(body="본문"), requester_id=customer.id))
            .ticket for number in (1, 2)]
    for ticket in made:
        ticket.tags = ["zenpy_bulk"]
        ticket.status = "solved"
    job = zendesk.tickets.update(made)
    check("many updates are a job", job.id and job.total == 2, job.to_dict())
    done = until(lambda: next((one for one in [zendesk.job_status(id=job.id)] if one.status == "completed"), None))
    check("the job is completed, item by item",
          [(one.id, one.success, one.action) for one in done.results] == [(one.id, True, "update") for one in made],
          [one.to_dict() for one in done.results])
    check("its tickets are changed", [zendesk.tickets(id=one.id).status for one in made] == ["solved", "solved"])
    found = until(lambda: [one.id for one in zendesk.search(type="ticket", tags="zenpy_bulk", status="solved")])
    check("a search finds them", sorted(found) == sorted(one.id for one in made), found)
    several = [one.id for one in zendesk.tickets(ids=[one.id for one in made])]
    check("several are shown at once", sorted(several) == sorted(one.id for one in made), several)


def macros(zendesk, ticket):
    """A macro, created, looked at, changed and deleted."""
    macro = zendesk.macros.create(Macro(title="zenpy::해결", actions=[
        {"field": "status", "value": "solved"}, {"field": "current_tags", "value": "zenpy_macro"},
        {"field": "comment_value", "value": ["channel:all", "{{ticket.id}}번 문의를 해결했습니다."]}]))
    check("a macro is created and listed", macro.id in [one.id for one in zendesk.macros()])
    check("it is shown", zendesk.macros(id=macro.id).title == "zenpy::해결")
    effect = zendesk.tickets.show_macro_effect(ticket, macro)
    check("what it would do to a ticket is shown",
          effect.ticket.status == "solved" and "zenpy_macro" in effect.ticket.tags, effect.ticket.to_dict())
    check("placeholders in it are rendered", f"{ticket.id}번 문의" in effect.ticket.comment.body,
          effect.ticket.comment.to_dict())
    check("and it is not done", zendesk.tickets(id=ticket.id).status != "solved")
    check("what it would do to any ticket is shown", zendesk.macros.apply(macro).ticket.status == "solved")
    shown = zendesk.macros(id=macro.id)
    shown.actions = [{"field": "status", "value": "pending"}]
    changed = zendesk.macros.update(shown)
    check("its actions are replaced", [one["field"] for one in changed.actions] == ["status"], changed.to_dict())
    zendesk.macros.delete(changed)
    check("it is deleted", macro.id not in [one.id for one in zendesk.macros()])


def webhooks_and_triggers(zendesk, ticket):
    """A webhook that a trigger notifies, to be received and verified here."""
    receiver = Receiver()
    webhook = zendesk.webhooks.create(Webhook(
        name="zenpy", endpoint=receiver.address, http_method="POST", request_format="json", status="active",
        subscriptions=["conditional_ticket_events"],
        authentication={"type": "bearer_token", "data": {"token": "hush"}, "add_position": "header"}))
    check("a webhook is created and listed", webhook.id in [one.id for one in zendesk.webhooks.list()])
    shown = zendesk.webhooks(id=webhook.id)
    check("its token is never shown", shown.name == "zenpy" and "hush" not in str(shown.to_dict()), shown.to_dict())
    first = zendesk.webhooks.show_secret(webhook).secret
    secret = zendesk.webhooks.reset_secret(webhook).secret
    check("its secret can be had and replaced", first != secret == zendesk.webhooks.show_secret(webhook).secret)

    trigger = zendesk.triggers.create(Trigger(
        title="zenpy",
        conditions={"all": [{"field": "update_type", "operator": "is", "value": "Change"},
                            {"field": "current_tags", "operator": "includes", "value": "zenpy_fire"}], "any": []},
        actions=[{"field": "notification_webhook", "value": [webhook.id, '{"ticket": "{{ticket.id}}"}']}]))
    check("a trigger is created and listed", trigger.id in [one.id for one in zendesk.triggers()])
    zendesk.tickets.add_tags(ticket.id, ["zenpy_fire"])
    headers, body = receiver.next()
    check("it fires, and the webhook is sent", body.decode() == f'{{"ticket": "{ticket.id}"}}', body)
    check("it is signed with the newest secret",
          headers["x-zendesk-webhook-signature"] == signature(secret, headers, body), headers)
    check("it is authenticated", headers["authorization"] == "Bearer hush", headers)
    invocations = until(lambda: list(zendesk.webhooks.invocations(webhook)))
    attempts = list(zendesk.webhooks.invocation_attempts(webhook.id, invocations[0].id))
    check("what was sent can be looked up", [attempt.status_code for attempt in attempts] == [200], [attempt.to_dict() for attempt in attempts])

    trigger.actions = [{"field": "set_tags", "value": "zenpy_fired"}]
    trigger.conditions = {"all": [{"field": "current_tags", "operator": "includes", "value": "zenpy_fire"}], "any": []}
    changed = zendesk.triggers.update(trigger)
    check("a trigger is updated", [one["field"] for one in changed.actions] == ["set_tags"], changed.to_dict())
    zendesk.tickets.add_tags(ticket.id, ["zenpy_more"])
    check("it does what it now says", list(zendesk.tickets(id=ticket.id).tags) == ["zenpy_fired"])
    wrong = refused(zendesk.triggers.create, Trigger(title="x", actions=trigger.actions, conditions={
        "all": [{"field": "no_such_field", "operator": "is", "value": "x"}], "any": []}))
    check("an unknown condition is refused", wrong and wrong[0] == 422 and wrong[1]["error"] == "RecordInvalid", wrong)
    zendesk.triggers.delete(changed)
    check("a trigger is deleted", trigger.id not in [one.id for one in zendesk.triggers()])

    zendesk.webhooks.patch(Webhook(id=webhook.id, name="zenpy neu"))
    check("a webhook is renamed", zendesk.webhooks(id=webhook.id).name == "zenpy neu")
    zendesk.webhooks.test(webhook)
    check("a webhook is tested", receiver.next()[0]["authorization"] == "Bearer hush")
    clone = zendesk.webhooks.clone(webhook)
    check("a webhook is cloned", clone.id != webhook.id and clone.endpoint == webhook.endpoint, clone.to_dict())
    zendesk.webhooks.delete(clone)
    check("a webhook is deleted", clone.id not in [one.id for one in zendesk.webhooks.list()])


def rights(service, group):
    """What the service's own user, an agent, may not do."""
    for what, deed, thing in (("change a group", service.groups.update, group),
                              ("create a trigger", service.triggers.create, Trigger(title="x"))):
        answer = refused(deed, thing)
        check(f"an agent may not {what}", answer and answer[0] == 403 and "error" in answer[1], answer)


def main():
    zendesk = signed_in(os.environ["ADMIN_CLIENT_ID"], os.environ["ADMIN_CLIENT_SECRET"])
    service = signed_in(os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
    customer, group = users_and_groups(zendesk)
    field = ticket_fields(zendesk)
    ticket = tickets(zendesk, customer, group, field)
    bulk_and_search(zendesk, customer)
    macros(zendesk, ticket)
    webhooks_and_triggers(zendesk, ticket)
    rights(service, group)


if __name__ == "__main__":
    main()

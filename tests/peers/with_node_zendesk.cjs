// The fake Zendesk as node-zendesk sees it: a client that knows Zendesk and nothing of this repository.
//
// Environment: ZENDESK_URL is the fake's address; ADMIN_CLIENT_ID and ADMIN_CLIENT_SECRET are those of its admin's OAuth client.
// One line a check; the first that fails ends the run with a trace and status 1.
"use strict";

const assert = require("node:assert/strict");
const { createClient } = require("node-zendesk");

const { ZENDESK_URL, ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET } = process.env;

/** Prints the sentence, or fails with both values. */
function check(sentence, seen, expected = true) {
  assert.deepEqual(seen, expected, sentence);
  console.log(`node-zendesk  ok  ${sentence}`);
}

const ids = (records) => records.map((record) => record.id);

/** What answers that are no list hold, whether the client unwraps it or not. */
const held = ({ result }, name) => result[name] ?? result;

/** What the call is refused with. */
async function refusal(call) {
  try {
    await call;
  } catch (error) {
    return error.message;
  }
  return "not refused";
}

/** A client with a token from the OAuth endpoint, which node-zendesk itself does not know. */
async function signedIn() {
  const body = { grant_type: "client_credentials", client_id: ADMIN_CLIENT_ID, client_secret: ADMIN_CLIENT_SECRET };
  const answer = await fetch(`${ZENDESK_URL}/oauth/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...body, scope: "read write" }),
  });
  assert.ok(answer.ok, "a token is given");
  const token = (await answer.json()).access_token;
  return createClient({ endpointUri: `${ZENDESK_URL}/api/v2`, oauth: true, token });
}

async function usersAndGroups(zendesk) {
  check("the token's user is an admin", held(await zendesk.users.me(), "user").role, "admin");
  const customer = held(await zendesk.users.create({ user: { name: "고객", email: "node@example.com" } }), "user");
  check("a user is created as an end user", customer.role, "end-user");
  check("a user is found", ids(await zendesk.users.search({ query: "node@example.com" })), [customer.id]);
  const renamed = { user: { name: "손님", email: "node@example.com" } };
  check("who is known is changed", held(await zendesk.users.createOrUpdate(renamed), "user").id, customer.id);
  check("users are shown by number", held(await zendesk.users.showMany([customer.id]), "users")[0].name, "손님");

  const group = held(await zendesk.groups.create({ group: { name: "node 상담" } }), "group");
  check("a group is created and listed", ids(await zendesk.groups.list()).includes(group.id));
  await zendesk.groups.update(group.id, { group: { name: "node 담당" } });
  check("a group is renamed", held(await zendesk.groups.show(group.id), "group").name, "node 담당");
  await zendesk.groups.delete(group.id);
  check("a deleted group is not assignable", ids(await zendesk.groups.assignable()).includes(group.id), false);
  return customer;
}

async function ticketFields(zendesk) {
  const fields = zendesk.ticketfields;
  const option = (letter) => ({ name: `선택 ${letter}`, value: `node_${letter}` });
  const made = await fields.create({
    ticket_field: { type: "tagger", title: "node 유형", custom_field_options: [option("a"), option("b")] },
  });
  const field = held(made, "ticket_field");
  check("a drop-down is created and listed", ids(await fields.list()).includes(field.id));
  const added = await fields.createOrUpdateOption(field.id, { custom_field_option: option("c") });
  check("an option is added", held(added, "custom_field_option").value, "node_c");
  const values = async () => held(await fields.listOptions(field.id), "custom_field_options").map(({ value }) => value);
  check("options are listed in order", await values(), ["node_a", "node_b", "node_c"]);
  const { id, name, value } = field.custom_field_options[0];
  await fields.update(field.id, { ticket_field: { custom_field_options: [{ id, name, value }] } });
  check("options that a full list leaves out are deleted", await values(), ["node_a"]);
  const taken = { ticket_field: { type: "tagger", title: "noch", custom_field_options: [option("a")] } };
  check("an option's value is taken once", /422|Unprocessable/.test(await refusal(fields.create(taken))));
  return field;
}

async function tickets(zendesk, customer, field) {
  const made = await zendesk.tickets.create({
    ticket: {
      subject: "주차한 적이 없어요",
      comment: { body: "저는 거기 주차하지 않았습니다." },
      requester_id: customer.id,
      custom_fields: [{ id: field.id, value: "node_a" }],
    },
  });
  const ticket = held(made, "ticket");
  check("a ticket is created, the option's value is its tag", ticket.tags, ["node_a"]);
  const change = { ticket: { status: "pending", comment: { body: "확인 중", public: false } } };
  check("it is updated", held(await zendesk.tickets.update(ticket.id, change), "ticket").status, "pending");
  check("it is shown", held(await zendesk.tickets.show(ticket.id), "ticket").status, "pending");
  const comments = await zendesk.tickets.getComments(ticket.id);
  check("its comments are listed", comments.map((comment) => comment.public), [true, false]);
  const audits = await zendesk.tickets.exportAudit(ticket.id);
  check("its audits are listed", audits.length, 2);
  const changed = audits[1].events.find((event) => event.field_name === "status");
  check("an audit tells the change", [changed.previous_value, changed.value], ["new", "pending"]);
  await zendesk.tickets.addTags(ticket.id, { tags: ["node_more"] });
  check("tags are added", held(await zendesk.tickets.show(ticket.id), "ticket").tags.sort(), ["node_a", "node_more"]);
  check("it is listed", ids(await zendesk.tickets.list()).includes(ticket.id));
  check("what does not exist is not found", /404/.test(await refusal(zendesk.tickets.show(1))));
  return ticket;
}

async function bulkAndSearch(zendesk, customer) {
  const made = [];
  for (const number of [1, 2]) {
    const ticket = { subject: `여럿 ${number}`, comment: { body: "본문" }, requester_id: customer.id };
    made.push(held(await zendesk.tickets.create({ ticket }), "ticket").id);
  }
  const change = { ticket: { status: "solved", additional_tags: ["node_bulk"] } };
  const job = held(await zendesk.tickets.updateMany(made, change), "job_status");
  check("many updates are a job", [job.status, job.total], ["queued", 2]);
  await zendesk.jobstatuses.watch(job.id, 100, 100);
  const done = held(await zendesk.jobstatuses.show(job.id), "job_status");
  check("the job is completed, item by item", [done.status, ids(done.results)], ["completed", made]);
  const shown = held(await zendesk.jobstatuses.showMany([job.id]), "job_statuses");
  check("jobs are shown by number", ids(shown), [job.id]);
  const several = held(await zendesk.tickets.showMany(made), "tickets");
  check("its tickets are changed", several.map(({ status, tags }) => [status, ...tags]), Array(2).fill(["solved", "node_bulk"]));
  const found = await zendesk.search.queryAll("type:ticket tags:node_bulk");
  check("a search finds them", ids(found).sort(), made.sort());
}

async function macros(zendesk, ticket) {
  const actions = [{ field: "status", value: "solved" }, { field: "comment_value", value: "{{ticket.id}}번" }];
  const made = held(await zendesk.macros.create({ macro: { title: "node::해결", actions } }), "macro");
  check("a macro is created and listed", ids(await zendesk.macros.list()).includes(made.id));
  const { result } = await zendesk.macros.applyTicket(ticket.id, made.id);
  const would = (result.result ?? result).ticket;
  check("what it would do to a ticket is shown", [would.status, would.comment.body], ["solved", `${ticket.id}번`]);
  check("and it is not done", held(await zendesk.tickets.show(ticket.id), "ticket").status, "pending");
  await zendesk.macros.update(made.id, { macro: { title: "node::끝" } });
  const shown = held(await zendesk.macros.show(made.id), "macro");
  check("it is renamed, its actions stay", [shown.title, shown.actions.length], ["node::끝", 2]);
  await zendesk.macros.delete(made.id);
  check("it is deleted", ids(await zendesk.macros.list()).includes(made.id), false);
}

async function webhooks(zendesk) {
  const webhook = {
    name: "node", endpoint: "http://127.0.0.1:9/hook", http_method: "POST", request_format: "json", status: "active",
    subscriptions: ["conditional_ticket_events"],
    authentication: { type: "basic_auth", data: { username: "me", password: "hush" }, add_position: "header" },
  };
  const made = held(await zendesk.webhooks.create({ webhook }), "webhook");
  check("a webhook is created and listed", ids(await zendesk.webhooks.list()).includes(made.id));
  const shown = JSON.stringify(held(await zendesk.webhooks.show(made.id), "webhook"));
  check("its password is never shown", [shown.includes('"me"'), shown.includes("hush")], [true, false]);
  const first = held(await zendesk.webhooks.getSigningSecret(made.id), "signing_secret").secret;
  const second = held(await zendesk.webhooks.resetSigningSecret(made.id), "signing_secret").secret;
  const now = held(await zendesk.webhooks.getSigningSecret(made.id), "signing_secret").secret;
  check("its secret can be had and replaced", [first === second, second === now], [false, true]);
  await zendesk.webhooks.patch(made.id, { webhook: { name: "node neu" } });
  check("it is renamed", held(await zendesk.webhooks.show(made.id), "webhook").name, "node neu");
  return made;
}

async function triggers(zendesk, webhook) {
  const conditions = { all: [{ field: "status", operator: "is", value: "open" }], any: [] };
  const actions = [{ field: "notification_webhook", value: [webhook.id, '{"id":"{{ticket.id}}"}'] }];
  const made = held(await zendesk.triggers.create({ trigger: { title: "node", conditions, actions } }), "trigger");
  check("a trigger is created and listed", ids(await zendesk.triggers.list()).includes(made.id));
  check("its category is a string", typeof made.category_id, "string");
  const found = held(await zendesk.triggers.search("node"), "triggers");
  check("it is found", ids(found), [made.id]);
  await zendesk.triggers.update(made.id, { trigger: { actions: [{ field: "set_tags", value: "node_fired" }] } });
  const shown = held(await zendesk.triggers.show(made.id), "trigger");
  check("an update of its actions replaces its conditions, too", [shown.conditions.all, shown.actions[0].field], [[], "set_tags"]);
  const revisions = (await zendesk.triggers.listRevisions(made.id)).flatMap((page) => page.trigger_revisions ?? page);
  check("its revisions are listed", revisions.length, 2);
  const wrong = { trigger: { title: "x", actions, conditions: { all: [{ field: "nothing", operator: "is", value: "x" }] } } };
  check("an unknown condition is refused", /422|Unprocessable/.test(await refusal(zendesk.triggers.create(wrong))));
  await zendesk.triggers.delete(made.id);
  check("it is deleted", ids(await zendesk.triggers.list()).includes(made.id), false);
  await zendesk.webhooks.delete(webhook.id);
  check("a webhook is deleted", ids(await zendesk.webhooks.list()).includes(webhook.id), false);
}

async function main() {
  const zendesk = await signedIn();
  const customer = await usersAndGroups(zendesk);
  const field = await ticketFields(zendesk);
  const ticket = await tickets(zendesk, customer, field);
  await bulkAndSearch(zendesk, customer);
  await macros(zendesk, ticket);
  await triggers(zendesk, await webhooks(zendesk));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});

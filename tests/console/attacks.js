// Texts of other people that would run if a page took them for its own: in a customer's name and words, an agent's name and
// note, a macro, a person's reason and search.

import assert from "node:assert/strict";
import { join } from "node:path";

import { check, until } from "./harness.js";
import { allPages } from "./pages.js";
import { replace } from "./program.js";

const ATTACK =
  `<script>window.ran=1</script><img src=x onerror="window.ran=2"><svg onload="window.ran=3"></svg>` +
  `"'><input autofocus onfocus="window.ran=4"><a href="javascript:window.ran=5">여기</a>{{7*7}}`;
const CUSTOMER = 6170990000001;
const AGENT = 6150000000901;

/** Makes a macro hostile. */
export function hostileMacro(config) {
  const file = join(config, "macros", "ask_identity.toml");
  // Not the braces, which a macro's check refuses.
  const attack = ATTACK.replace("{{7*7}}", "");
  replace(file, 'title = "', `title = '''${attack}''' # "`);
  replace(file, 'comment_value = """', `comment_value = """\n${attack}`);
}

/** Opens a hostile customer's ticket, and lets a hostile agent write to it. */
export async function attack(program) {
  const user = (id, name, more) =>
    program.control("PUT", "users", {
      id, name, email: `user${id}@sandbox.example`, verified: false, group_ids: [], external_id: null, ...more,
    });
  await user(CUSTOMER, ATTACK, { role: "end-user" });
  await user(AGENT, ATTACK, { role: "agent" });
  const { ticket_id: ticket } = await program.control("POST", "tickets", {
    requester_id: CUSTOMER,
    subject: ATTACK,
    description: `${ATTACK} 저는 주차한 적이 없습니다. 취소해 주세요.`,
    tags: ["no_self_use"],
    custom_fields: { 6150000000102: ATTACK },
  });
  return ticket;
}

/** What an attack leaves in a page. */
async function traces(person) {
  return person.page.evaluate(() => ({
    ran: window.ran,
    elements: document.querySelectorAll("img, svg[onload], [onerror], [onfocus], script:not([src])").length,
    links: [...document.querySelectorAll("a, form")].filter((one) => /^javascript:/i.test(one.href ?? one.action)).length,
  }));
}

/** Looks at every page with these texts in it. */
export async function attacks(browser, ticket) {
  const { program } = browser;
  const person = await browser.signedIn("관리");
  await until("the hostile ticket is in the console", async () => (await person.open(`/tickets/${ticket}`)) === 200);
  await program.control("POST", `tickets/${ticket}/agent-update`, {
    agent_id: AGENT,
    update: { comment: ATTACK, add_tags: ["x"] },
  });
  await program.control("POST", `tickets/${ticket}/customer-comment`, { text: ATTACK });
  await until("the agent's words are in the story", async () => {
    await person.open(`/tickets/${ticket}`);
    return (await person.text()).split("window.ran=2").length > 2;
  });
  await check("an attack that runs is noticed", async () => {
    const stranger = await browser.stranger();
    await stranger.page.setContent(ATTACK);
    const { ran, elements } = await traces(stranger);
    assert.ok(ran > 0 && elements >= 4, `${ran} ${elements}`);
    await stranger.leave();
  });
  person.faults.length = 0;
  await person.open(`/tickets?q=${encodeURIComponent(ATTACK)}`);
  const pages = await allPages(browser);
  const paths = [
    ...pages.filter(({ status, as }) => status === 200 && as !== null).map(({ path }) => path),
    `/tickets/${ticket}`,
    `/practice/${ticket}`,
    `/tickets?q=${encodeURIComponent(ATTACK)}`,
    `/sign-in?next=${encodeURIComponent("javascript:window.ran=6")}`,
  ];
  let shown = 0;
  for (const path of paths) {
    await check(`nothing of other people's texts runs: ${path.slice(0, 40)}`, async () => {
      await person.open(path);
      assert.deepEqual(await traces(person), { ran: undefined, elements: 0, links: 0 });
      assert.deepEqual(person.faults, []);
      if ((await person.text()).includes("window.ran=2")) shown += 1;
    });
  }
  await check("these texts are shown as they are", () => assert.ok(shown >= 4, `on ${shown} pages`));
  await person.leave();
}

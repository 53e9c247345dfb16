// Open pages: what goes on appears on them by itself, and nothing that a person does there is disturbed.

import assert from "node:assert/strict";

import { check, until } from "./harness.js";

/** The open page asks now, as it does when it is looked at again. */
const look = (page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));

/** Counts what the page asks, by the answers' statuses. */
function asked(page) {
  const statuses = [];
  page.on("response", (response) => {
    if (response.request().headers()["x-live"] !== undefined) statuses.push(response.status());
  });
  return statuses;
}

/** Marks the document: a page that is loaded again has no mark. */
const mark = (page) => page.evaluate(() => (window.marked = true));
const isMarked = (page) => page.evaluate(() => window.marked === true);

/** Notes each change within the page's own part. */
const observe = (page) =>
  page.evaluate(() => {
    window.changes = [];
    new MutationObserver((changes) => window.changes.push(...changes.map(({ type }) => type))).observe(
      document.querySelector("main"),
      { subtree: true, childList: true, attributes: true, characterData: true },
    );
  });
const changes = (page) => page.evaluate(() => window.changes);

const line = (person, text) => person.page.getByRole("status").getByText(text);

/** A customer of the practice room writes; the ticket. */
async function writes(browser, customer) {
  const person = await browser.signedIn("운영");
  await person.open("/practice");
  await person.choose("고객", customer);
  await person.press("문의 보내기");
  const ticket = new URL(person.page.url()).pathname.split("/").pop();
  await person.leave();
  return ticket;
}

/** Opens pages and lets things happen. */
export async function live(browser) {
  for (const [what, play] of [
    ["a figure changes on the open page, which is not loaded again", figure],
    ["an open page is not touched while nothing changes, and says nothing that its rules forbid", untouched],
    ["a story grows under a person who types, reads and has scrolled", undisturbed],
    ["a focused ticket keeps the focus when the list around it changes", focused],
    ["a page that is not looked at asks nothing", hidden],
    ["a slow line changes nothing, and a dead one is told until it is back", lines],
    ["a session that has ended is told, and the page asks no more", ended],
    ["a form that is pressed twice is sent once", pressedTwice],
    ["what was typed comes back when the line was dead", typed],
  ]) {
    await check(what, async () => {
      const person = await browser.signedIn("운영");
      try {
        await play(person, browser);
      } finally {
        await person.leave();
      }
    });
  }
}

async function figure(person, browser) {
  const { page } = person;
  await person.open("/");
  const ended = page.locator(".numbers li").filter({ hasText: "고객을 기다림" }).locator("strong");
  const before = Number(await ended.innerText());
  await mark(page);
  await writes(browser, "답이 없는 고객");
  // By itself, without a push.
  await until("the number has grown", async () => Number(await ended.innerText()) > before);
  assert.ok(await isMarked(page), "the page was loaded again");
  assert.deepEqual(person.faults, []);
}

async function untouched(person) {
  const { page } = person;
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
  });
  for (const path of ["/waiting", "/stuck"]) {
    await person.open(path);
    const statuses = asked(page);
    await observe(page);
    for (let count = 1; count <= 3; count += 1) {
      await look(page);
      await until("the question is answered", () => statuses.length >= count);
    }
    assert.deepEqual([...new Set(statuses)], [204], path);
    assert.deepEqual(await changes(page), [], path);
    assert.deepEqual(await page.evaluate(() => window.violations), [], path);
    // Neither style of the library's own nor a handler in an attribute would be allowed.
    assert.equal(await page.evaluate(() => document.adoptedStyleSheets.length), 0, path);
  }
  assert.deepEqual(person.faults, []);
}

async function undisturbed(person, browser) {
  const ticket = await writes(browser, "답이 없는 고객");
  const { page } = person;
  await until("the customer is asked", async () => {
    await person.open(`/tickets/${ticket}`);
    return (await person.fact("기다리는 대상"))?.startsWith("고객");
  });
  await mark(page);
  const details = page.locator("details").first();
  await details.locator("summary").click();
  const reason = page.getByLabel("까닭", { exact: true }).last();
  await reason.fill("고객이 전화를 원하십니다");
  await reason.evaluate((field) => field.setSelectionRange(3, 5));
  const state = () =>
    page.evaluate(() => {
      const { id, value, selectionStart, selectionEnd } = document.activeElement;
      const open = [...document.querySelectorAll("details")].map((one) => one.open);
      return { id, value, selectionStart, selectionEnd, open: open[0] };
    });
  const before = await state();
  const place = (await reason.boundingBox()).y;
  assert.equal(before.value, "고객이 전화를 원하십니다");
  assert.ok(before.open);
  const scrolled = await page.evaluate(() => document.querySelector(".story").getBoundingClientRect().top);
  await browser.program.control("POST", `tickets/${ticket}/customer-comment`, { text: "안녕하세요. 문의드린 고객입니다." });
  await until("the customer's words are in the open story", async () => {
    await look(page);
    return (await page.locator(".story").innerText()).includes("문의드린 고객입니다");
  });
  assert.ok(await isMarked(page), "the page was loaded again");
  assert.deepEqual(await state(), before);
  // What the person is at keeps its place, although the story above it has grown.
  assert.ok(Math.abs((await reason.boundingBox()).y - place) < 3, "the field has moved away under the person's eyes");
  assert.ok((await page.evaluate(() => document.querySelector(".story").getBoundingClientRect().top)) < scrolled - 10);
  assert.deepEqual(person.faults, []);
}

async function focused(person, browser) {
  const { page } = person;
  const ticket = await writes(browser, "답이 없는 고객");
  await person.open("/waiting");
  const link = page.getByRole("link", { name: ticket, exact: true });
  await until("the ticket waits", async () => {
    await look(page);
    return (await link.count()) === 1;
  });
  await link.focus();
  const another = await writes(browser, "답이 없는 고객");
  await until("another one waits too", async () => {
    await look(page);
    return (await page.getByRole("link", { name: another, exact: true }).count()) === 1;
  });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), ticket);
}

async function hidden(person) {
  const { page } = person;
  await person.open("/waiting");
  const statuses = asked(page);
  const hide = (is) => page.evaluate((is) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => is });
    document.dispatchEvent(new Event("visibilitychange"));
  }, is);
  await hide(true);
  await page.waitForTimeout(11_000);
  assert.deepEqual(statuses, [], "asked while hidden");
  await hide(false);
  await until("it asks when it is looked at again", () => statuses.length === 1);
}

async function lines(person) {
  const { page, context } = person;
  await person.open("/stuck");
  await mark(page);
  const before = await person.text();
  await observe(page);
  let isHeld = false;
  const late = async (route) => {
    isHeld = true;
    await new Promise((go) => setTimeout(go, 2_000));
    await route.continue();
  };
  await page.route("**/stuck", late);
  const statuses = asked(page);
  await look(page);
  await until("the answer is late", () => isHeld);
  assert.equal(await line(person, "연결이 끊겼습니다").isVisible(), false);
  await until("the late answer has come", () => statuses.length === 1);
  await page.unroute("**/stuck", late);

  await context.setOffline(true);
  await look(page);
  await line(person, "연결이 끊겼습니다").waitFor();
  assert.equal(await person.text(), before);
  await context.setOffline(false);
  await look(page);
  await line(person, "연결이 끊겼습니다").waitFor({ state: "hidden" });
  assert.ok(await isMarked(page));
  assert.deepEqual(await changes(page), []);
}

async function ended(person, browser) {
  const stranger = await browser.stranger();
  try {
    await stranger.signIn("운영");
    const { page, context } = stranger;
    await stranger.open("/stuck");
    const before = await stranger.text();
    const statuses = asked(page);
    await observe(page);
    // The same person signs out in another window.
    const other = await context.newPage();
    await other.goto("/");
    await other.getByRole("button", { name: "로그아웃" }).click();
    await other.getByRole("heading", { name: "로그인" }).waitFor();
    await look(page);
    const link = page.getByRole("status").getByRole("link", { name: "다시 로그인해 주세요" });
    await link.waitFor();
    assert.equal(await stranger.text(), before);
    assert.deepEqual(await changes(page), []);
    assert.deepEqual(statuses, [401]);
    await look(page);
    await page.waitForTimeout(500);
    assert.deepEqual(statuses, [401], "it asks no more");
    await link.click();
    await page.getByRole("heading", { name: "로그인" }).waitFor();
    assert.match(page.url(), /\/sign-in\?next=\/stuck$/);
  } finally {
    await stranger.leave();
  }
}

async function pressedTwice(person) {
  const { page } = person;
  await person.open("/practice");
  let sent = 0;
  await page.route("**/practice", async (route) => {
    if (route.request().method() === "POST") {
      sent += 1;
      await new Promise((go) => setTimeout(go, 1_000));
    }
    await route.continue();
  });
  await page.getByRole("button", { name: "문의 보내기" }).dblclick();
  await page.waitForURL(/\/practice\/\d+$/);
  assert.equal(sent, 1);
}

async function typed(person, browser) {
  const ticket = await writes(browser, "답이 없는 고객");
  const { page, context } = person;
  await until("the ticket can be handed over", async () => {
    await person.open(`/tickets/${ticket}`);
    return (await page.getByRole("button", { name: "사람에게 넘기기" }).count()) === 1;
  });
  const reason = page.getByLabel("까닭", { exact: true }).last();
  await reason.fill("고객이 전화를 원하십니다");
  await context.setOffline(true);
  await page.getByRole("button", { name: "사람에게 넘기기" }).click();
  await page.waitForURL(/^chrome-error:/);
  await context.setOffline(false);
  await page.goBack();
  assert.equal(await reason.inputValue(), "고객이 전화를 원하십니다");
}

// Chromium, and people in it. What a page must never do (an error, a blocked load, a dialog) is kept with the page.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const WIDE = { width: 1280, height: 900 };

export class Browser {
  static async launch(tools, program) {
    const require = createRequire(resolve(tools, "package.json"));
    const { chromium } = require("playwright-core");
    const browser = new Browser();
    browser.chromium = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ARGUMENTS });
    browser.axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
    browser.program = program;
    browser.states = {};
    return browser;
  }

  /** A new window without a signed-in person. */
  async stranger(options = {}) {
    const context = await this.chromium.newContext({
      baseURL: this.program.console,
      viewport: WIDE,
      locale: "ko-KR",
      timezoneId: "Asia/Seoul",
      ...options,
    });
    context.setDefaultTimeout(15_000);
    return new Person(await context.newPage(), context, this);
  }

  /** A new window in which the user with this role is signed in; each role signs in once. `null`: no person. */
  async signedIn(role, options = {}) {
    if (role === null) return this.stranger(options);
    if (!this.states[role]) {
      const person = await this.stranger();
      await person.signIn(role);
      this.states[role] = await person.context.storageState();
      await person.leave();
    }
    return this.stranger({ storageState: this.states[role], ...options });
  }

  async close() {
    await this.chromium.close();
  }
}

/** A person at a window. Counts what they press: links, buttons, summaries, and the options of a list. */
export class Person {
  constructor(page, context, browser) {
    Object.assign(this, { page, context, browser, clicks: 0, faults: [] });
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.faults.push(message.text());
    });
    page.on("pageerror", (error) => this.faults.push(`an error of a script: ${error.message}`));
    page.on("dialog", async (dialog) => {
      this.faults.push(`a dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText;
      // A page that is left before everything has come.
      if (why !== "net::ERR_ABORTED") this.faults.push(`${request.url()} failed: ${why}`);
    });
  }

  /** Opens a page; its status. */
  async open(path) {
    const answer = await this.page.goto(path);
    return answer.status();
  }

  async signIn(role) {
    const { users, password } = this.browser.program;
    await this.open("/");
    await this.fill("이름", users[role]);
    await this.fill("비밀번호", password);
    await this.press("로그인");
    await this.page.getByText(`${users[role]} · ${role}`).waitFor();
  }

  /** Fills the field with this label, of the form with this heading if there are several. */
  async fill(label, text, form) {
    await this.within(form).getByLabel(label, { exact: true }).fill(text);
  }

  /** Chooses from the list with this label. */
  async choose(label, option, form) {
    const list = this.within(form).getByLabel(label, { exact: true });
    const entry = list.locator("option").filter({ hasText: option }).first();
    await this.pick(list, await entry.getAttribute("value"));
  }

  /** Takes the option with this value. */
  async pick(list, value) {
    this.clicks += 1;
    await list.selectOption(value);
  }

  /** Opens or closes what this summary hides. */
  async unfold(summary) {
    this.clicks += 1;
    await this.page.locator("summary").filter({ hasText: summary }).first().click();
  }

  async press(button, form) {
    this.clicks += 1;
    await this.within(form).getByRole("button", { name: button, exact: true }).click();
    await this.page.waitForLoadState();
  }

  /** Follows the first link with this name. */
  async follow(link, place = this.page) {
    this.clicks += 1;
    await place.getByRole("link", { name: link, exact: typeof link === "string" }).first().click();
    await this.page.waitForLoadState();
  }

  within(form) {
    if (!form) return this.page;
    return this.page.locator("form").filter({ has: this.page.getByRole("heading", { name: form, exact: true }) });
  }

  /** The menu: names and addresses. */
  async menu() {
    const links = await this.page.getByRole("navigation").getByRole("link").all();
    return Promise.all(
      links.map(async (link) => ({ name: await link.innerText(), path: await link.getAttribute("href") })),
    );
  }

  /** The text of the page's own part. */
  async text() {
    return this.page.locator("main").innerText();
  }

  /** The value of a fact in the page's list of facts. */
  async fact(term) {
    const fact = this.page.locator("dl.facts div").filter({ has: this.page.locator("dt", { hasText: term }) });
    return (await fact.count()) === 0 ? undefined : fact.first().locator("dd").innerText();
  }

  async leave() {
    await this.context.close();
  }
}

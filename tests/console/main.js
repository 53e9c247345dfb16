// The console in a real browser: every page, the week, and texts that attack. `tests/console/run` starts it.

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { attack, attacks, hostileMacro } from "./attacks.js";
import { Browser } from "./browser.js";
import { checkChecks, checkPage, picture } from "./checks.js";
import { check, told } from "./harness.js";
import { live } from "./live.js";
import { allPages } from "./pages.js";
import { Program, replace } from "./program.js";
import { week } from "./week.js";

const { values } = parseArgs({
  options: { program: { type: "string" }, tools: { type: "string" }, screenshots: { type: "string" } },
});

if (!existsSync("/usr/bin/chromium")) {
  console.error("there is no /usr/bin/chromium: apt-get install chromium");
  process.exit(1);
}

/** Runs with a filled console and a browser. */
async function among(run, change) {
  const program = await Program.start(values.program, change);
  let browser;
  try {
    browser = await Browser.launch(values.tools, program);
    await run(browser, program);
  } finally {
    await browser?.close();
    const code = await program.stop();
    await check("the demo ends well", () => {
      if (code !== 0) throw new Error(`it ended with ${code}\n${program.err}`);
    });
  }
}

/**
 * Waits until the program has announced itself, which it does every twenty seconds: a page that lists it changes then.
 * A program that has not within a minute is a failure.
 */
async function announced(browser) {
  const person = await browser.signedIn("관리");
  const isListed = async () => {
    await person.open("/system");
    return !(await person.text()).includes("알려 온 프로그램이 없습니다");
  };
  let left = 120;
  while (!(await isListed())) {
    if (left-- === 0) throw new Error("상태 lists no program within a minute");
    await person.page.waitForTimeout(500);
  }
  await person.leave();
}

if (values.screenshots !== undefined) {
  mkdirSync(values.screenshots, { recursive: true });
  await among(async (browser) => {
    for (const page of await allPages(browser)) {
      await check(`a picture of ${page.name}`, () => picture(browser, page, values.screenshots));
    }
  });
} else {
  await among(async (browser) => {
    await checkChecks(browser);
    await announced(browser);
    const pages = await allPages(browser);
    // As many at once as most machines have processors.
    await Promise.all([0, 1].map(async () => {
      for (let page = pages.shift(); page; page = pages.shift()) await checkPage(browser, page);
    }));
    await live(browser);
    await week(browser);
  }, (config) => replace(join(config, "misread.toml"), "breaker_from_refusals = 20", "breaker_from_refusals = 2"));
  await among(async (browser, program) => attacks(browser, await attack(program)), hostileMacro);
}
process.exitCode = told();

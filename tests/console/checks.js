// What holds for every page.

import assert from "node:assert/strict";

import { check } from "./harness.js";

const NARROW = { width: 360, height: 800 };
/** A4 between margins of 10 mm, in pixels. */
const PAPER = { width: 718, height: 1046 };

/** Finds what the checks look for in a page that has it: a check that finds nothing there would find nothing anywhere. */
export async function checkChecks(browser) {
  const person = await browser.stranger();
  const { page } = person;
  await page.setViewportSize(NARROW);
  await page.setContent(`<main><h1 style="color: #eee">제목</h1><button></button>
    <div style="width: 500px">넓은 글</div><div style="overflow-x: auto" tabindex="0"><p style="width: 900px">상자 안</p></div>
    <a href="#x" style="outline: none">보이지 않는 초점</a><script>console.error("고장")</script></main>`);
  await check("the checks find what they look for", async () => {
    const serious = await seriousFindings(person);
    assert.deepEqual(serious.map((finding) => finding.split(":")[0]).sort(), [
      "button-name", "color-contrast", "document-title", "html-has-lang",
    ]);
    const wide = await tooWide(person);
    assert.ok(wide.some((one) => one.includes("넓은 글")) && wide.some((one) => one.startsWith("the page is")), wide);
    assert.ok(!wide.some((one) => one.includes("상자 안")), wide);
    await assert.rejects(tabbed(person), /focused and not seen/);
    assert.deepEqual(person.faults, ["고장"]);
  });
  await person.leave();
}

/** Checks one page. */
export async function checkPage(browser, page) {
  const named = (what) => `${page.name}: ${what}`;
  const person = await browser.signedIn(page.as);
  const open = async () => assert.equal(await person.open(page.path), page.status, page.path);
  await check(named("opens without an error"), async () => {
    await open();
    assert.deepEqual(faults(person, page), []);
    assert.equal(await person.page.locator("h1").count(), 1, "one heading");
    assert.match(await person.page.title(), /\S · misread$/);
  });
  for (const colorScheme of ["light", "dark"]) {
    await check(named(`axe finds nothing serious, ${colorScheme}`), async () => {
      await person.page.emulateMedia({ colorScheme });
      assert.deepEqual(await seriousFindings(person), []);
    });
  }
  await check(named("every control is reached by the keyboard, in order, and seen"), () => tabbed(person));
  await check(named("fits 360 pixels"), async () => {
    await person.page.setViewportSize(NARROW);
    await open();
    assert.deepEqual(await tooWide(person), []);
  });
  await check(named("prints on paper"), async () => {
    await person.page.setViewportSize(PAPER);
    await person.page.emulateMedia({ media: "print", colorScheme: "light" });
    assert.deepEqual(await tooWide(person), []);
    for (const part of ["header", "form"]) {
      const parts = await person.page.locator(part).all();
      for (const one of parts) assert.equal(await one.isVisible(), false, `${part} is printed`);
    }
    assert.ok((await person.page.locator("h1").isVisible()) && (await person.page.pdf()).length > 1_000);
  });
  const withScript = await textOf(person, page);
  await person.leave();
  await check(named("says the same without script"), async () => {
    const plain = await browser.signedIn(page.as, { javaScriptEnabled: false });
    assert.equal(await textOf(plain, page), withScript);
    await plain.leave();
  });
}

/** A picture of the page: light, dark, 360 pixels wide. */
export async function picture(browser, page, folder) {
  const person = await browser.signedIn(page.as);
  for (const [kind, viewport, colorScheme] of [
    ["light", { width: 1280, height: 900 }, "light"],
    ["dark", { width: 1280, height: 900 }, "dark"],
    ["360", NARROW, "light"],
  ]) {
    await person.page.setViewportSize(viewport);
    await person.page.emulateMedia({ colorScheme });
    await person.open(page.path);
    await person.page.screenshot({ path: `${folder}/${page.name}-${kind}.png`, fullPage: true });
  }
  await person.leave();
}

/** What went wrong on the way; that a refusal has its status is no fault. */
function faults(person, page) {
  const own = `status of ${page.status}`;
  return page.status === 200 ? person.faults : person.faults.filter((fault) => !fault.includes(own));
}

/** What axe finds serious. */
export async function seriousFindings(person) {
  // Not by a script element, which the page's policy would block.
  await person.page.evaluate(person.browser.axe);
  const { violations } = await person.page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** The page's text without what time changes. */
async function textOf(person, page) {
  await person.page.emulateMedia({ media: "screen" });
  await person.open(page.path);
  return (await person.text()).replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "TIME").replace(/\d+MB/g, "SIZE");
}

/** What stands beyond the right edge and is in no box that scrolls by itself. */
export async function tooWide(person) {
  return person.page.evaluate(() => {
    const edge = document.documentElement.clientWidth;
    const scrolls = (element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
    const boxed = (element) => {
      for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) {
        if (scrolls(box)) return true;
      }
      return false;
    };
    const beyond = [...document.body.querySelectorAll("*")].filter((element) => {
      const { right, width } = element.getBoundingClientRect();
      return width > 0 && right > edge + 0.5 && !boxed(element);
    });
    const told = beyond.map((element) => element.outerHTML.slice(0, 120));
    if (document.documentElement.scrollWidth > edge) told.push(`the page is ${document.documentElement.scrollWidth} wide`);
    return told;
  });
}

/** Presses Tab through the page. */
async function tabbed(person) {
  const { page } = person;
  await page.emulateMedia({ colorScheme: "light" });
  const wanted = await page.evaluate(() => {
    const controls = [
      ...document.querySelectorAll('a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex]'),
    ].filter((element) => element.checkVisibility() && !element.disabled && element.tabIndex >= 0);
    // Of the buttons of one choice, the keyboard reaches one.
    const seen = new Set();
    const once = controls.filter((element) => {
      const group = element.type === "radio" ? `${element.form?.action} ${element.name}` : undefined;
      if (!group) return true;
      if (seen.has(group)) return false;
      seen.add(group);
      return true;
    });
    const name = (element) => `${element.outerHTML.slice(0, 100)}`;
    window.reached = [];
    document.addEventListener("focusin", ({ target }) => {
      const style = getComputedStyle(target);
      const { left, right, top, bottom } = target.getBoundingClientRect();
      const isInside = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
      const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && isInside;
      window.reached.push({ name: name(target), seen });
    });
    document.activeElement?.blur();
    return once.map(name);
  });
  assert.ok(wanted.length > 0, "no control");
  // A date has stops of its own inside: year, month, day and the calendar.
  const inside = 3 * (await page.locator('input[type="date"]').count());
  let reached = [];
  for (let presses = 0; presses < wanted.length + inside && reached.length < wanted.length; presses += 1) {
    await page.keyboard.press("Tab");
    reached = await page.evaluate(() => window.reached);
  }
  assert.deepEqual(reached.map(({ name }) => name), wanted);
  const unseen = reached.filter(({ seen }) => !seen).map(({ name }) => name);
  assert.deepEqual(unseen, [], "focused and not seen");
}

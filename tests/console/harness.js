// Names what is checked, counts it, and waits for what the service does by itself.

import assert from "node:assert/strict";

const PATIENCE = 60_000;
const LOOK_EVERY = 100;

const failures = [];
let passed = 0;

/** Runs one check; a failure is told at the end, and the others go on. */
export async function check(what, run) {
  try {
    await run();
    passed += 1;
  } catch (error) {
    failures.push(what);
    console.error(`\nFAILED  ${what}\n${error?.message ?? error}`);
  }
}

/** The closing lines; the process's exit code. */
export function told() {
  for (const what of failures) console.error(`failed: ${what}`);
  console.log(`\n${passed} passed, ${failures.length} failed`);
  return passed > 0 && failures.length === 0 ? 0 : 1;
}

/** Looks again and again until `look` gives something. */
export async function until(what, look) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await new Promise((again) => setTimeout(again, LOOK_EVERY));
  }
}

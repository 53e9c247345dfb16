// Starts `misread demo --stay`, which fills a console, and plays people through the control routes of its sandbox.

import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { until } from "./harness.js";

/** A running demo: its addresses, its users by their roles, their password. */
export class Program {
  /** `change` alters the folder of settings, policy and texts before the start. */
  static async start(program, change = () => {}) {
    const folder = mkdtempSync(join(tmpdir(), "misread-console-"));
    cpSync("config", join(folder, "config"), { recursive: true });
    change(join(folder, "config"));
    const env = { MISREAD_CONFIG: join(folder, "config"), PATH: process.env.PATH, TMPDIR: tmpdir() };
    const child = spawn(resolve(program), ["demo", "--stay", "--console", "127.0.0.1:0"], { env, cwd: folder });
    const started = new Program(child, folder);
    await until("the demo stays", () => started.read());
    return started;
  }

  constructor(child, folder) {
    Object.assign(this, { child, folder, out: "", err: "" });
    child.stdout.setEncoding("utf8").on("data", (text) => (this.out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (this.err += text));
    this.ended = new Promise((end) => child.once("close", (code) => end(code)));
    this.ended.then((code) => (this.code = code ?? -1));
  }

  read() {
    if (this.code !== undefined) throw new Error(`the demo ended with ${this.code}\n${this.out}\n${this.err}`);
    const [, told] = this.out.split("still running; Ctrl-C ends it");
    const found = (pattern) => told?.match(pattern)?.[1];
    this.zendesk = found(/fake Zendesk\s+(http:\S+) \(control.*\n/);
    if (!this.zendesk) return false;
    this.console = found(/console\s+(http:\S+)/);
    this.parking = found(/mock parking API\s+(http:\S+)\/v1/);
    this.password = found(/password (\S+)/);
    const users = found(/sign in as ([^;]+);/).matchAll(/(\S+) \(([^)]+)\)/g);
    this.users = Object.fromEntries([...users].map(([, name, role]) => [role, name]));
    return true;
  }

  /** A control route of the fake Zendesk. */
  async control(method, path, body) {
    const answer = await fetch(`${this.zendesk}/sandbox/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** The parking system fails by this rule; without one it works again. */
  async fault(rule) {
    const answer = await fetch(`${this.parking}/sandbox/faults`, {
      method: rule ? "POST" : "DELETE",
      headers: { "content-type": "application/json" },
      body: rule && JSON.stringify(rule),
    });
    if (!answer.ok) throw new Error(`faults: ${answer.status} ${await answer.text()}`);
  }

  /** Stops it as a service manager does; its exit code. */
  async stop() {
    this.child.kill("SIGTERM");
    const code = await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
    return code;
  }
}

/** Replaces the only occurrence of `from` in a file. */
export function replace(file, from, to) {
  const text = readFileSync(file, "utf8");
  if (text.split(from).length !== 2) throw new Error(`${file} says \`${from}\` not once`);
  writeFileSync(file, text.replace(from, () => to));
}

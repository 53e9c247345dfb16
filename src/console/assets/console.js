// What the pages' attributes cannot say: when an open page asks anew, what it shows when no answer comes, and that a form is
// sent once. Without it, pages say and do the same.
"use strict";
{
  const main = document.getElementById("content");
  // Only pages with live parts have one.
  const line = document.getElementById("line");

  /** Shows one of the line's sentences, or none. */
  const tell = (what) => {
    for (const sentence of line.children) sentence.hidden = sentence.dataset.what !== what;
  };
  const on = (event, act, target = document) => target.addEventListener(event, act);

  if (line) {
    let isOver = false;
    const end = (what) => {
      isOver = true;
      tell(what);
    };
    const look = () => htmx.trigger(main, "look");

    on("htmx:config:request", (event) => {
      // A hidden page has no reader.
      if (isOver || document.hidden) return event.preventDefault();
      const { request } = event.detail.ctx;
      const parts = [...main.querySelectorAll("[data-seen]")];
      request.headers["X-Live"] = parts.map((part) => part.dataset.seen).join(" ");
      // A redirect leads to a form to sign in.
      Object.assign(request, { redirect: "manual", cache: "no-store" });
    });
    on("htmx:before:response", (event) => {
      const { status, raw } = event.detail.ctx.response;
      if (raw.headers.has("X-Live")) return tell(null);
      event.preventDefault();
      if (status === 401 || raw.type === "opaqueredirect") end("over");
      else if (status >= 500) tell("away");
      else end("gone");
    });
    on("htmx:error", () => tell("away"));
    // What a person is at stays where it is on the screen, whatever grows above it.
    let place;
    const top = () => document.activeElement.getBoundingClientRect().top;
    on("htmx:before:swap", () => {
      place = main.contains(document.activeElement) ? top() : undefined;
    });
    on("htmx:after:swap", () => {
      if (place !== undefined) scrollBy({ top: top() - place, behavior: "instant" });
    });
    on("visibilitychange", look);
    on("online", look, window);
    // A page that is left needs no answer any more.
    on("pagehide", () => htmx.trigger(main, "htmx:abort"), window);
  }

  // A second press while the answer to the first is on its way. After a while, as when the person has stopped it, a form can be
  // sent again; the server does nothing twice in any case.
  const AGAIN_AFTER = 5_000;
  const sent = new WeakMap();
  on("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (Date.now() - (sent.get(form) ?? -AGAIN_AFTER) < AGAIN_AFTER) event.preventDefault();
    else sent.set(form, Date.now());
  });
  // A page that comes back from the browser's memory.
  on("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.forms) sent.delete(form);
    if (line) htmx.trigger(main, "look");
  }, window);
}

// The pages that every check looks at. What the menu leads to is found by following links, one page of each kind; what no
// link leads to stands here, one line each: a name for files, who looks (a role; null: no person), where, and the status if it
// is not 200.

const OTHERS = [
  { name: "sign-in", as: null, path: () => "/sign-in" },
  { name: "ticket-stuck", as: "관리", path: ({ stuck }) => `/tickets/${stuck}` },
  { name: "ticket-waiting", as: "운영", path: ({ waiting }) => `/tickets/${waiting}` },
  { name: "ticket-masked", as: "보기", path: ({ ended }) => `/tickets/${ended}` },
  { name: "tickets-none-found", as: "보기", path: () => "/tickets?q=acct-unknown" },
  { name: "refused", as: "보기", path: () => "/access", status: 403 },
  { name: "not-found", as: "관리", path: () => "/no-such-page", status: 404 },
];

/** Pages whose addresses differ only in a number, a row or a text are of one kind, whatever they are filtered by. */
function kind(address) {
  const { pathname, searchParams } = new URL(address, "http://console");
  const path = pathname.replace(/\d+/g, "n").replace(/^\/(policy\/rows|texts)\/.+/, "/$1/x");
  const filters = [...new Set(searchParams.keys())].sort();
  return [path === "/" ? "today" : path.slice(1).replaceAll("/", "-"), ...filters].join("-");
}

/** All pages of this console. */
export async function allPages(browser) {
  const person = await browser.signedIn("관리");
  await person.open("/");
  const waiting = (await person.menu()).map(({ path }) => path);
  const found = new Map();
  while (waiting.length > 0) {
    const path = waiting.shift();
    const name = kind(path);
    if (found.has(name)) continue;
    found.set(name, { name, as: "관리", path, status: 200 });
    await person.open(path);
    const links = person.page.locator('main a[href^="/"]:not([download])');
    waiting.push(...(await links.evaluateAll((all) => all.map((link) => link.getAttribute("href").split("#")[0]))));
  }
  const first = async (path, filter) => {
    await person.open(path);
    if (filter) await person.follow(filter);
    return (await person.page.locator('main a[href^="/tickets/"]').first().innerText()).trim();
  };
  const tickets = {
    ended: await first("/tickets", "끝남"),
    stuck: await first("/stuck"),
    waiting: await first("/waiting"),
  };
  await person.leave();
  return [...found.values(), ...OTHERS.map((page) => ({ status: 200, ...page, path: page.path(tickets) }))];
}

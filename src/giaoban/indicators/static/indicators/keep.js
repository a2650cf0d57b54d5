// Keeping this page for a time without a line: the service worker, a copy of the page, and the scripts it needs.
const SHELL = "kept-shell";
const MOST = 150; // files of the shell; the oldest go first

// "kept", "cannot" (no HTTPS), or "no" (the browser will not).
export async function keepPage(worker, account) {
  if (!isSecureContext || !navigator.serviceWorker || !window.caches) return isSecureContext ? "no" : "cannot";
  try {
    await navigator.serviceWorker.register(worker);
    await navigator.serviceWorker.ready;
    const mine = await caches.open(`kept-${account}`);
    if (!navigator.serviceWorker.controller || !(await mine.match(location.pathname))) await copyPage(mine, account);
    await copyFiles();
    return "kept";
  } catch {
    return "no";
  }
}

// The first visit came before the worker: the page is asked for once more, when nothing else is going on.
async function copyPage(mine, account) {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (answer.ok && !answer.redirected && answer.headers.get("X-Kept-For") === String(account)) await mine.put(location.pathname, answer);
}

async function copyFiles() {
  const shell = await caches.open(SHELL);
  const used = performance.getEntriesByType("resource").map((entry) => entry.name);
  const wanted = [...new Set(used)].filter((name) => new URL(name).pathname.startsWith("/static/"));
  await Promise.all(wanted.map(async (name) => (await shell.match(name)) ?? shell.add(name)));
  const all = await shell.keys();
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST)).map((old) => shell.delete(old)));
}

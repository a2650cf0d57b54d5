// The page's helper without a line (a service worker): hands out the entry pages, check-in pages and scripts this browser has kept.
// It keeps nothing for anybody but the account whose pages these are ("kept-<account>"); ui/kept.js empties that when
// somebody signs out or another account signs in. Anything but an entry page and its scripts goes straight to the network.
const SHELL = "kept-shell";
const ENTRY = /\/(?:bao-cao\/\d+\/nhap|hop\/\d+\/diem-danh)\/$/;
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
const PATIENCE = 6000; // milliseconds for a line that neither answers nor breaks

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && ENTRY.test(pathname)) event.respondWith(page(event));
  else if (pathname.startsWith("/static/")) event.respondWith(file(event, HASHED.test(pathname)));
});

// The newest page where there is a line, the kept one where there is none.
async function page(event) {
  const kept = await find(event.request);
  try {
    const answer = await fetch(event.request, kept ? { signal: AbortSignal.timeout(PATIENCE) } : {});
    const account = answer.headers.get("X-Kept-For");
    if (answer.status === 200 && !answer.redirected && account) {
      const copy = answer.clone();
      event.waitUntil(caches.open(`kept-${account}`).then((cache) => cache.put(address(event.request), copy)));
    }
    return answer;
  } catch (trouble) {
    if (kept) return kept;
    throw trouble;
  }
}

const address = (request) => new URL(request.url).pathname;

async function find(request) {
  for (const name of await caches.keys()) {
    if (!name.startsWith("kept-") || name === SHELL) continue;
    const found = await (await caches.open(name)).match(address(request));
    if (found) return found;
  }
  return undefined;
}

// A name that carries the hash of its content never changes; any other is asked anew while there is a line.
async function file(event, forever) {
  const shell = await caches.open(SHELL);
  const kept = await shell.match(event.request);
  if (kept && forever) return kept;
  try {
    const answer = await fetch(event.request);
    if (answer.ok) {
      const copy = answer.clone();
      event.waitUntil(shell.put(event.request, copy));
    }
    return answer;
  } catch (trouble) {
    if (kept) return kept;
    throw trouble;
  }
}

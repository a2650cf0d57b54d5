// The reading page by keyboard. Every key presses a button that is on the page anyway; what the server answers is put in
// place part by part, so that nothing jumps. Without this file the same buttons send the page and come back to it.
const reader = document.getElementById("reader");
const doc = document.getElementById("doc");
const list = document.getElementById("items");
const bar = document.getElementById("bar");
const said = document.getElementById("said");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let current = null;
let busy = false;

const items = () => [...list.querySelectorAll(".item")].filter((item) => !item.hidden);
const wide = () => doc.scrollHeight > doc.clientHeight + 4 && getComputedStyle(doc).overflowY !== "visible";

// Which proposal is looked at: marked in the list, and its passage in the text beside it.
function look(item, { focus = true, scroll = true } = {}) {
  if (!item) return;
  current?.removeAttribute("aria-current");
  for (const old of doc.querySelectorAll(".m.here")) old.classList.remove("here");
  current = item;
  item.setAttribute("aria-current", "true");
  for (const piece of doc.querySelectorAll(`.m[data-codes~="${CSS.escape(item.id)}"]`)) piece.classList.add("here");
  if (focus) item.focus({ preventScroll: true });
  if (scroll) item.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
  const passage = document.getElementById(`o-${item.id}`);
  if (passage && wide()) {
    const top = passage.getBoundingClientRect().top - doc.getBoundingClientRect().top + doc.scrollTop;
    doc.scrollTo({ top: top - doc.clientHeight / 3, behavior: calm.matches ? "auto" : "smooth" });
  }
}

const step = (by) => {
  const all = items();
  const place = all.indexOf(current);
  look(all[Math.min(Math.max(place + by, 0), all.length - 1)] ?? all[0]);
};

// Parts that the server drew: only items that changed are replaced.
function put(parts) {
  const drawn = document.createElement("div");
  drawn.innerHTML = parts.list;
  const here = [...list.querySelectorAll(".item")].map((item) => item.id).join();
  const there = [...drawn.querySelectorAll(".item")].map((item) => item.id).join();
  const code = current?.id;
  if (here === there && here) {
    for (const item of drawn.querySelectorAll(".item")) {
      const old = document.getElementById(item.id);
      const bare = old.cloneNode(true);
      bare.removeAttribute("aria-current");
      if (bare.innerHTML !== item.innerHTML || old.className !== item.className) swap(old, item);
    }
    const names = drawn.querySelector("#units");
    if (names && !list.querySelector("#units")) list.append(names);
  } else {
    list.replaceChildren(...drawn.childNodes);
    ready(list);
  }
  bar.innerHTML = parts.bar;
  if (parts.text) doc.innerHTML = parts.text;
  for (const [name, state] of Object.entries(parts.states ?? {})) {
    for (const sign of doc.querySelectorAll(`.sign[data-code="${CSS.escape(name)}"]`)) sign.dataset.state = state;
  }
  for (const seen of document.querySelectorAll('input[name="seen"]')) seen.value = parts.version;
  said.replaceChildren(...(parts.said ?? []).map((line) => Object.assign(document.createElement("p"), { textContent: line })));
  narrow();
  current = null;
  look(document.getElementById(parts.focus || code) ?? items()[0]);
  if (parts.said?.length) current?.querySelector(".ask input[type=text]")?.focus(); // the page asks: the answer is next
}

function swap(old, item) {
  old.replaceWith(item);
  ready(item);
}

function ready(scope) {
  scope.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: scope } }));
}

async function send(address, options = {}) {
  if (busy) return null;
  busy = true;
  reader.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { ...options, headers: { "HX-Request": "true", ...options.headers } });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) location.href = elsewhere;
    else if (!answer.ok || answer.redirected) location.reload();
    else put(await answer.json());
    return answer;
  } catch {
    said.textContent = reader.dataset.unreachable;
    return null;
  } finally {
    busy = false;
    reader.removeAttribute("aria-busy");
  }
}

// Buttons of proposals, of the forms in them, and links to a part of the page.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("#decide, .item form")) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  send(form.action, { method: "POST", body: data });
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-part]");
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const item = link.closest(".item");
    current = item;
    await send(link.href.replace(/#.*/, ""));
    const opened = document.getElementById(item.id);
    const first = opened?.querySelector(".edit input:not([type=hidden]), .edit textarea, .cut .button");
    first?.focus();
    first?.select?.();
    return;
  }
  const sign = event.target.closest("a.sign");
  if (!sign || !sign.hash || sign.getAttribute("href").startsWith("?") || event.ctrlKey || event.metaKey) return;
  const item = document.getElementById(sign.hash.replace("#o-", "").replace("#", ""))?.closest(".item");
  if (item && wide()) {
    event.preventDefault();
    look(item, { scroll: !item.contains(sign) });
  }
});

list.addEventListener("focusin", (event) => {
  const item = event.target.closest(".item");
  if (item && item !== current) look(item, { focus: false, scroll: false });
});

function press(key) {
  const own = current?.querySelector(`[data-key="${key}"]`) ?? bar.querySelector(`[data-key="${key}"]`);
  if (own) own.click();
  return Boolean(own);
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
  const form = event.target.closest(".edit");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-take]"));
    return;
  }
  if (event.key === "Escape" && event.target.closest(".edit, .cut, .ask, .filter")) {
    event.preventDefault();
    const close = event.target.closest(".item")?.querySelector("[data-close-part]");
    if (close) close.click();
    else look(current ?? items()[0]);
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const moves = { j: () => step(1), ArrowDown: null, k: () => step(-1), "?": keys, "/": filter, t: kind };
  if (moves[event.key]) {
    event.preventDefault();
    moves[event.key]();
  } else if (/^[1-9]$/.test(event.key)) {
    const choice = current?.querySelector(`[data-choice="${event.key}"]`);
    if (choice) event.preventDefault(), choice.click();
  } else if (/^[axesmrugA]$/.test(event.key)) {
    if (press(event.key)) event.preventDefault();
  }
});

function keys() {
  document.getElementById("keys")?.showModal();
}

function filter() {
  const field = document.getElementById("narrow");
  field?.focus();
  field?.select();
}

function kind() {
  const tabs = [...document.querySelectorAll(".proposals .tabs a")];
  const now = tabs.findIndex((tab) => tab.hasAttribute("aria-current"));
  tabs[(now + 1) % tabs.length]?.click();
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "d").toLowerCase();

function narrow() {
  const field = document.getElementById("narrow");
  if (!field) return;
  const words = plain(field.value).split(/\s+/).filter(Boolean);
  for (const item of list.querySelectorAll(".item")) {
    const told = plain(item.textContent);
    item.hidden = !words.every((word) => told.includes(word));
  }
}
list.addEventListener("input", (event) => {
  if (event.target.id === "narrow") narrow();
});
list.addEventListener("keydown", (event) => {
  if (event.target.id !== "narrow" || event.key !== "Enter") return;
  event.preventDefault();
  look(items()[0]);
});

document.documentElement.classList.add("reading-by-key");
const asked = decodeURIComponent(location.hash.slice(1)) || reader.dataset.start;
const begun = document.getElementById(asked)?.closest(".item") ?? list.querySelector(".item.is-open") ?? items()[0];
look(begun, { focus: Boolean(asked), scroll: Boolean(asked) });

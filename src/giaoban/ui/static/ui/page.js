// What every page has: menus, Ctrl-K, dialogs, tables as cards. Each works on markup that reads well without it.
import { prepareDays } from "./day.js";
import { forgetOthers } from "./kept.js";
import { prepareTables } from "./table.js";

const root = document.documentElement;

function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Not kept; it holds for this page.
  }
}

function toggle(button, name, className, on) {
  button.setAttribute("aria-pressed", String(root.classList.contains(className)));
  button.addEventListener("click", () => {
    const now = root.classList.toggle(className);
    button.setAttribute("aria-pressed", String(now));
    remember(name, now ? on : "");
  });
}

function prepare(scope) {
  prepareTables(scope);
  prepareDays(scope);
  for (const field of scope.querySelectorAll("[data-submit]")) field.addEventListener("change", () => field.form.requestSubmit());
  const first = scope.querySelector("form[method=post] [data-focus]");
  if (first) first.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
  if (event.target.closest("[data-print]")) window.print();
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const found = document.getElementById("found");
  if (found && !event.target.closest(".find")) found.replaceChildren();
  for (const list of document.querySelectorAll(".results")) if (!event.target.closest(".search-box")) list.replaceChildren();
});

document.addEventListener("keydown", (event) => {
  const find = document.querySelector("[data-find]");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && find) {
    event.preventDefault();
    if (find.offsetParent === null) location.href = find.form.action;
    else find.select(), find.focus();
  }
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    document.getElementById("found")?.replaceChildren();
  }
  const box = event.target.closest(".find, .search-box");
  if (box && event.key === "Escape") {
    box.querySelector("input[type=search]").focus();
    box.querySelector(".results")?.replaceChildren();
  }
  if (box && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const stops = [box.querySelector("input[type=search]"), ...box.querySelectorAll(".found a, .results a")];
    const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    stops[(next + stops.length) % stops.length].focus();
  }
});

// A form sent twice by an impatient hand is sent once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "post" && !form.hasAttribute("hx-post")) {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 4000);
  }
});

for (const button of document.querySelectorAll("[data-contrast]")) toggle(button, "contrast", "high-contrast", "high");
for (const button of document.querySelectorAll("[data-fold]")) toggle(button, "rail", "rail-folded", "folded");
prepare(document);
void forgetOthers(root.dataset.account);
document.addEventListener("htmx:load", (event) => event.detail.elt !== document.body && prepare(event.detail.elt));

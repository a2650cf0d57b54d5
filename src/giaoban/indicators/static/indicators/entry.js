// The entry grid: saves by itself what was typed, adds up plain totals while typing, takes a block pasted from Excel.
// Without this file the form is saved by its button. Moving by Enter and arrows is in ui/table.js.
const form = document.getElementById("entry");
const WAIT = 900; // milliseconds of quiet before saving
const AGAIN = 8000; // before a save that found no connection is tried anew
const cells = [...form.querySelectorAll('input[name^="cell-"]')];
const status = form.querySelector("[data-saved]");
const dirty = new Set(); // ids of cells typed and not saved
const refused = new Map(); // id → the text the server would not take
let timer = 0;
let sending = false;

const field = (name) => form.elements.namedItem(name);
const idOf = (input) => input.name.replace(/^(cell|note)-/, "");

// --- totals ---------------------------------------------------------------------------------------------------------

// "1.234" → 1234n; null when the cell is empty or not a whole number: the server says what is wrong with it.
function whole(text) {
  const digits = text.trim().replace(/[.\s\u00a0]/g, "");
  return /^\d{1,15}$/.test(digits) ? BigInt(digits) : null;
}

const grouped = (number) => number.toString().replace(/\B(?=(\d{3})+$)/g, ".");

function addUp() {
  for (const output of form.querySelectorAll("[data-sum]")) {
    const parts = output.dataset.sum.split(" ").map((id) => whole(field(`cell-${id}`)?.value ?? ""));
    const known = parts.filter((part) => part !== null);
    output.value = known.length ? grouped(known.reduce((sum, part) => sum + part, 0n)) : "—";
    partial(output.dataset.total, parts.length - known.length);
  }
}

function partial(order, missing) {
  const small = form.querySelector(`[data-partial="${order}"]`);
  if (small) small.textContent = missing ? form.dataset.partial.replace("%s", missing) : "";
}

// --- saving ---------------------------------------------------------------------------------------------------------

function typed(input) {
  const id = idOf(input);
  dirty.add(id);
  if (refused.get(id) !== input.value) fault(id, "");
  addUp();
  later(WAIT);
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

function batch(ids) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", field("csrfmiddlewaretoken").value);
  for (const id of ids)
    for (const name of [`cell-${id}`, `note-${id}`, `was-${id}`, `was-note-${id}`]) data.set(name, field(name).value);
  return data;
}

async function save() {
  const ids = [...dirty].filter((id) => refused.get(id) !== field(`cell-${id}`).value);
  if (sending || !ids.length) return;
  sending = true;
  status.textContent = form.dataset.saving;
  const data = batch(ids);
  try {
    const answer = await fetch(form.dataset.save, { method: "POST", body: data, headers: { Accept: "application/json" } });
    const body = await answer.json();
    if (answer.ok) kept(ids, data, body);
    else if (answer.status === 409) wrong(body.faults);
    else throw new Error(String(answer.status));
  } catch {
    status.textContent = form.dataset.offline;
    later(AGAIN);
  }
  sending = false;
  if (dirty.size && status.textContent !== form.dataset.offline) later(WAIT);
}

function kept(ids, data, body) {
  for (const id of ids) {
    const input = field(`cell-${id}`);
    const now = body.cells[id];
    field(`was-${id}`).value = now.text;
    field(`was-note-${id}`).value = now.note;
    const untouched = input.value === data.get(`cell-${id}`);
    if (untouched && input !== document.activeElement) input.value = now.text;
    if (untouched && field(`note-${id}`).value === data.get(`note-${id}`)) dirty.delete(id);
    refused.delete(id);
    fault(id, "");
  }
  field("seen").value = body.seen;
  for (const [order, total] of Object.entries(body.totals)) {
    const output = form.querySelector(`[data-total="${order}"]`);
    if (output && !output.dataset.sum) output.value = total.text || "—";
  }
  form.querySelector("[data-filled]").textContent = body.filled;
  const findings = document.getElementById("findings");
  if (findings.innerHTML !== body.findings) findings.innerHTML = body.findings;
  // "Saved" is said only when nothing typed meanwhile still waits.
  if (refused.size) status.textContent = form.dataset.wrong;
  else status.textContent = dirty.size ? form.dataset.saving : body.saved;
}

// Who leaves the page within the second of quiet loses nothing: what waits goes along.
function leave() {
  const ids = [...dirty].filter((id) => refused.get(id) !== field(`cell-${id}`).value);
  if (ids.length) fetch(form.dataset.save, { method: "POST", body: batch(ids), headers: { Accept: "application/json" }, keepalive: true });
}

// Nothing of the batch was stored: mark the bad cells, and send the others without them.
function wrong(faults) {
  for (const [name, sentence] of Object.entries(faults)) {
    const id = name.replace("cell-", "");
    const input = field(`cell-${id}`);
    if (!input) {
      status.textContent = sentence;
      continue;
    }
    refused.set(id, input.value);
    fault(id, sentence);
  }
  if (refused.size) status.textContent = form.dataset.wrong;
  else dirty.clear();
}

function fault(id, sentence) {
  const place = document.getElementById(`fault-${id}`);
  place.textContent = sentence;
  const input = field(`cell-${id}`);
  if (sentence) input.setAttribute("aria-invalid", "true");
  else {
    input.removeAttribute("aria-invalid");
    refused.delete(id);
  }
}

// --- pasting --------------------------------------------------------------------------------------------------------

// A block from a spreadsheet goes down the column; its second column goes into the explanations.
function paste(event) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const prefix = event.target.name.startsWith("note-") ? "note-" : "cell-";
  const inputs = cells.map((cell) => field(prefix + idOf(cell)));
  const start = inputs.indexOf(event.target);
  text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach((line, row) => {
    const input = inputs[start + row];
    if (!input) return;
    const [first, second] = line.split("\t");
    input.value = first.trim();
    if (prefix === "cell-" && second !== undefined) field(`note-${idOf(input)}`).value = second.trim();
    typed(input);
  });
  unfoldFilled();
}

// --- explanations on a phone ----------------------------------------------------------------------------------------
// Each line is a card there. "Next" leads from figure to figure: an explanation is folded away until it is asked for
// or holds words, and Tab comes to the explanations when the figures are done.

const phone = matchMedia("(max-width: 44rem)");
const folds = [...form.querySelectorAll(".fold-note")];

function unfold(button, focus = false) {
  const note = document.getElementById(button.getAttribute("aria-controls"));
  button.setAttribute("aria-expanded", "true");
  note.closest("td").classList.add("open");
  if (focus) note.focus();
}

function unfoldFilled() {
  for (const button of folds) if (document.getElementById(button.getAttribute("aria-controls")).value) unfold(button);
}

function tab(event) {
  if (event.key !== "Tab" || event.altKey || event.ctrlKey || event.metaKey || !phone.matches) return;
  const shown = [...form.querySelectorAll(".fold-note, input.note")].filter((item) => item.offsetParent);
  const order = [...cells, ...shown];
  const here = order.indexOf(event.target);
  const next = here < 0 ? undefined : order[here + (event.shiftKey ? -1 : 1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

unfoldFilled();
form.addEventListener("keydown", tab);
form.addEventListener("click", (event) => {
  const button = event.target.closest(".fold-note");
  if (button) unfold(button, true);
});
form.addEventListener("input", (event) => /^(cell|note)-/.test(event.target.name) && typed(event.target));
form.addEventListener("change", (event) => /^(cell|note)-/.test(event.target.name) && later(50));
form.addEventListener("paste", (event) => /^(cell|note)-/.test(event.target.name ?? "") && paste(event));
form.addEventListener("focusin", (event) => event.target.name?.startsWith("cell-") && event.target.select());
form.addEventListener("submit", () => dirty.clear());
addEventListener("online", () => later(0));
addEventListener("beforeunload", (event) => dirty.size && event.preventDefault());
addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => document.hidden && save());

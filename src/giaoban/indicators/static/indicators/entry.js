// The entry page: what is typed is checked at once (live.js), kept on this machine and sent when there is a line
// (offline.js), and shown. Without this file the form is saved by its button and judged by the server.
import { Grid } from "./grid.js";
import { keepPage } from "./keep.js";
import { Sheet, filled } from "./live.js";
import { readCell } from "./numbers.js";
import { Blocked, Memory, NoLine, Queue, SignedOut } from "./offline.js";
import { storeFor } from "./store.js";

const WAIT = 700; // milliseconds of quiet before sending
const AGAIN = 8000; // before the line is tried anew
const form = document.getElementById("entry");
const data = JSON.parse(document.getElementById("sheet-data").textContent);
const words = data.words;
const line = document.getElementById("line");
const status = form.querySelector("[data-saved]");
const field = (name) => form.elements.namedItem(name);
const sheet = new Sheet(data);
const other = { account: false, lasting: true };
let timer = 0;
let saved = "";

// --- the line -------------------------------------------------------------------------------------------------------

const cookie = (name) => document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.split("=")[1] ?? "";

async function carry(batch) {
  let answer;
  try {
    answer = await fetch(form.dataset.save, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") },
      body: JSON.stringify({ key: batch.key, account: data.account, values: batch.cells }),
      signal: AbortSignal.timeout(20_000),
      keepalive: document.hidden, // who leaves the page within the second of quiet loses nothing
    });
  } catch {
    throw new NoLine();
  }
  const body = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json().catch(() => ({})) : {};
  other.account = Boolean(body.other_account);
  if (answer.ok && body.kept) {
    saved = body.saved;
    return body;
  }
  if (answer.status === 401 || other.account) throw new SignedOut();
  if (body.blocked) throw new Blocked(body.blocked);
  throw new NoLine();
}

// Random, from a source every page has: crypto.randomUUID wants HTTPS.
const makeKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(() => queue.flush(), wait);
}

// --- what stands in the fields ----------------------------------------------------------------------------------------

function typed(ids) {
  for (const id of ids) {
    judge(id);
    void queue.type(id, { text: field(`cell-${id}`).value.trim(), note: field(`note-${id}`).value.trim() });
  }
  show();
  later(WAIT);
}

// The verdict on one field: no figure at all, or an unusual one.
function judge(id) {
  const input = field(`cell-${id}`);
  const fault = sheet.put(id, input.value, field(`note-${id}`).value);
  const refused = queue.cells.get(id)?.refused;
  const said = fault || (refused?.text === input.value.trim() && refused.sentence) || "";
  document.getElementById(`fault-${id}`).textContent = said;
  if (said) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  const found = fault ? null : sheet.unusual(id);
  const usual = document.getElementById(`usual-${id}`);
  usual.textContent = found ? filled(words.usual, found) : "";
  usual.title = found?.words ?? "";
  usual.closest("tr").classList.toggle("unusual", Boolean(found));
  const asks = Boolean(found?.asks && !field(`note-${id}`).value.trim());
  field(`note-${id}`).toggleAttribute("data-asks", asks);
  if (asks) grid.unfoldFor(id);
}

// A field follows the queue. Where somebody stands in it, "1234" is not turned into "1.234" under their fingers; but a
// figure of somebody else is shown there too, or they would write over what they have not seen.
function follow(id) {
  const mine = queue.mine(id);
  for (const [prefix, part] of [["cell", "text"], ["note", "note"]]) {
    const input = field(`${prefix}-${id}`);
    if (!input) return;
    const same = input === document.activeElement ? says(part, id, input.value) === says(part, id, mine[part]) : input.value.trim() === mine[part];
    if (same) continue;
    if (input === document.activeElement) grid.before = mine[part]; // what Escape and Ctrl+Z go back to
    input.value = mine[part];
  }
  field(`was-${id}`).value = queue.base(id).text;
  field(`was-note-${id}`).value = queue.base(id).note;
  field(`cell-${id}`).closest("tr").classList.toggle("waits", Boolean(queue.cells.get(id)?.mine));
  judge(id);
}

function says(part, id, text) {
  const { value } = part === "text" ? readCell(text, sheet.byId.get(id).scale) : {};
  return value === undefined ? text.trim().normalize("NFC") : String(value);
}

// --- what is shown ----------------------------------------------------------------------------------------------------

function show() {
  for (const { order, text, partial } of sheet.computed()) {
    form.querySelector(`[data-total="${order}"]`).value = text || "—";
    const small = form.querySelector(`[data-partial="${order}"]`);
    if (small) small.textContent = partial ? filled(words.partial, { n: partial }) : "";
  }
  form.querySelector("[data-filled]").textContent = filled(words.filled, { filled: sheet.filled, asked: sheet.own.length });
  showFindings();
  showLine();
  showConflicts();
}

const made = (name) => document.getElementById(name).content.firstElementChild.cloneNode(true);

function showFindings() {
  const found = sheet.findings();
  const place = document.getElementById("findings");
  const list = made(found.length ? "findings-some" : "findings-none");
  if (found.length) list.querySelector("h2 span").textContent = filled(words.points[Number(found.length > 1)], { n: found.length });
  for (const one of found) list.querySelector("ul").append(finding(one));
  const nothing = !found.length && !sheet.filled;
  const old = place.firstElementChild;
  if (nothing) place.replaceChildren();
  else if (old?.outerHTML !== list.outerHTML) place.replaceChildren(list);
}

function finding({ look, sentence, cell, open, explanation }) {
  const item = document.createElement("li");
  item.className = open ? "hard" : "";
  item.append(made(`look-${look}`));
  const body = document.createElement("span");
  const link = document.createElement("a");
  link.href = `#c-${cell}`;
  link.textContent = sentence;
  body.append(link);
  if (explanation) {
    const said = document.createElement("em");
    said.className = "said";
    said.textContent = filled(words.explained, { words: explanation });
    body.append(" ", said);
  }
  item.append(body);
  return item;
}

function showLine() {
  const { state, waiting, refused, conflicts } = queue;
  const cut = !navigator.onLine || state === "offline";
  const trouble = cut || (["signed-out", "blocked"].includes(state) && waiting.length > 0);
  const asking = queue.wish && !cut && !queue.ready.length && !conflicts.length;
  line.hidden = !(trouble || queue.wish);
  line.querySelector("[data-waiting]").textContent = waiting.length ? filled(words.line.waiting, { n: waiting.length - refused.length }) : "";
  line.querySelector("[data-why]").textContent = trouble ? why(cut ? "offline" : state) : "";
  line.querySelector("[data-wish]").textContent = asking ? words.line.ready : queue.wish ? words.line.wish : "";
  line.querySelector("[data-sign-in]").hidden = state !== "signed-out" || !trouble;
  line.querySelector("[data-again]").hidden = !trouble;
  line.querySelector("[data-hand-in]").hidden = !asking;
  line.querySelector("[data-forget-wish]").hidden = !queue.wish;
  if (state === "sending") status.textContent = words.saving;
  else if (conflicts.length) status.textContent = words.line.chosen;
  else if (refused.length) status.textContent = words.line.wrong;
  else if (trouble && waiting.length) status.textContent = filled(words.line.waiting, { n: waiting.length });
  else if (waiting.length) status.textContent = words.saving;
  else if (saved) status.textContent = saved;
}

function why(state) {
  if (state === "blocked") return queue.words;
  if (state === "signed-out") return other.account ? filled(words.line.other_account, { name: data.name }) : words.line.signed_out;
  return other.lasting ? words.line.offline : words.line.fleeting;
}

// Mine, theirs and what was there before, with who and when; the person chooses cell by cell.
function showConflicts() {
  const place = document.getElementById("conflicts");
  const ids = queue.conflicts;
  place.hidden = !ids.length;
  const rows = ids.map((id) => {
    const row = made("conflict-row");
    const { theirs, before, who, at } = queue.cells.get(id).conflict;
    row.dataset.cell = id;
    const link = row.querySelector("th a");
    link.href = `#c-${id}`;
    link.textContent = sheet.byId.get(id).words;
    for (const [way, one] of Object.entries({ mine: queue.mine(id), theirs, before })) {
      row.querySelector(`[data-way="${way}"] b`).textContent = one.text || "—";
      row.querySelector(`[data-way="${way}"] small`).textContent = one.note;
    }
    row.querySelector("[data-who]").textContent = [who, at].filter(Boolean).join(" · ");
    return row;
  });
  const body = place.querySelector("tbody");
  const same = rows.length === body.rows.length && rows.every((row, n) => row.outerHTML === body.rows[n].outerHTML);
  if (!same) body.replaceChildren(...rows);
}

document.getElementById("conflicts").addEventListener("click", (event) => {
  const button = event.target.closest("[data-choose]");
  if (!button) return;
  void queue.choose(button.closest("tr").dataset.cell, button.dataset.choose);
  later(0);
});

// --- handing in -------------------------------------------------------------------------------------------------------

// Nothing is handed in that the server has not seen: first everything is sent, then the form goes as it always does.
let sure = false;
form.addEventListener("submit", (event) => {
  if (sure) return;
  event.preventDefault();
  event.stopPropagation(); // the guard against a second click is for the form itself
  void handIn(event.submitter);
});

async function reachable() {
  const answer = await fetch(data.worker, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(8000) }).catch(() => null);
  return Boolean(answer?.ok);
}

async function handIn(button) {
  await queue.flush();
  if (button?.value !== "submit") return;
  if (queue.ready.length || queue.conflicts.length || !(await reachable())) {
    await queue.wishToHandIn(true);
    show();
    (queue.conflicts.length ? document.getElementById("conflicts") : line).scrollIntoView({ block: "center" });
    return;
  }
  await queue.wishToHandIn(false);
  sure = true;
  form.requestSubmit(button);
}

line.querySelector("[data-hand-in]").addEventListener("click", () => void handIn(form.querySelector('[name="action"][value="submit"]')));
line.querySelector("[data-forget-wish]").addEventListener("click", () => void queue.wishToHandIn(false).then(show));
line.querySelector("[data-again]").addEventListener("click", () => queue.flush());

// --- beginning ----------------------------------------------------------------------------------------------------------

// What the page came with. A page that came back with faults holds what was typed in its fields, and what stands in `was`.
const stood = () => sheet.own.map(({ id }) => [id, { text: field(`was-${id}`).value, note: field(`was-note-${id}`).value }]);

function changed(ids) {
  for (const id of ids) follow(id);
  field("seen").value = queue.version;
  show();
  if (queue.state === "offline" || queue.state === "signed-out") later(AGAIN);
  else if (ids.length && queue.ready.length) later(WAIT);
}

let queue = new Queue({ store: new Memory(), transport: carry, makeKey }); // until this machine's own is open
const grid = new Grid(form, typed);

async function begin() {
  const { store, lasting, elsewhere } = await storeFor(String(data.account), data.report);
  other.lasting = lasting;
  const left = sheet.own.filter(({ id }) => ["cell", "note"].some((name) => field(`${name}-${id}`).value !== field(`was-${name === "note" ? "note-" : ""}${id}`).value));
  const typedBefore = left.map(({ id }) => [id, { text: field(`cell-${id}`).value.trim(), note: field(`note-${id}`).value.trim() }]);
  queue = new Queue({ store, transport: carry, makeKey, changed });
  await queue.open(stood(), data.version);
  for (const [id, part] of typedBefore) void queue.type(id, part);
  for (const { id } of sheet.own) judge(id);
  form.dataset.ready = "";
  performance.mark("entry-ready");
  show();
  later(typedBefore.length ? WAIT : 0);
  const kept = await keepPage(data.worker, data.account);
  const said = { kept: words.line.kept, cannot: words.line.cannot }[kept] ?? "";
  document.getElementById("kept-hint").textContent = elsewhere ? words.line.elsewhere : said;
}

document.querySelector(`form[action="${data.sign_out}"]`)?.addEventListener("submit", (event) => {
  const n = queue.waiting.length;
  if (n && !confirm(filled(words.line.leaving, { n }))) event.preventDefault();
});
addEventListener("online", () => (show(), later(0)));
addEventListener("offline", show);
form.addEventListener("focusout", ({ target }) => /^(cell|note)-/.test(target.name ?? "") && follow(target.name.replace(/^(cell|note)-/, "")));
addEventListener("focus", () => queue.waiting.length && later(0));
addEventListener("beforeunload", (event) => queue.waiting.length && !other.lasting && event.preventDefault());
document.addEventListener("visibilitychange", () => document.hidden && queue.flush());
document.querySelector("[data-copy-column]")?.addEventListener("click", async (event) => {
  const button = event.currentTarget;
  await navigator.clipboard.writeText(grid.column());
  button.querySelector("span").textContent = words.line.copied;
});
await begin();

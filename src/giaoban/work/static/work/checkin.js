// The check-in page: one tap or one code is one check-in, kept on this phone at once and sent when there is a line.
// Without this file every line of the list is a button of the form.
import { keepPage } from "../indicators/keep.js";
import { Arrivals, NoLine, SignedOut, storeFor } from "./arrivals.js";

const AGAIN = 8000; // milliseconds before the line is tried anew
const data = JSON.parse(document.getElementById("check-in-data").textContent);
const { words } = data;
const form = document.getElementById("check-in");
const code = document.getElementById("code");
const said = document.getElementById("said");
const byWho = new Map(data.people.map((one) => [one.who, one]));
const byCode = new Map(data.people.map((one) => [one.code, one]));
const lines = new Map([...document.querySelectorAll("[data-who]")].map((one) => [one.dataset.who, one]));

const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
const tidy = (text) => text.toUpperCase().replace(/[^0-9A-Z]/g, "");
const filled = (text, places) => text.replace(/%\((\w+)\)s/g, (_, name) => places[name]);
const cookie = (name) => document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.split("=")[1] ?? "";

async function carry(rows) {
  let answer;
  try {
    answer = await fetch(data.send, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") },
      body: JSON.stringify({ account: data.account, rows }),
      signal: AbortSignal.timeout(20_000),
    });
  } catch {
    throw new NoLine();
  }
  const body = await answer.json().catch(() => ({}));
  if (answer.ok && body.taken) return { refused: {}, ...body };
  if (answer.status === 401 || body.other_account) throw new SignedOut();
  throw new NoLine();
}

// A random UUID from a source every page has: crypto.randomUUID wants HTTPS.
function makeKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

const { store, lasting } = await storeFor(data.account, data.meeting);
const arrivals = await new Arrivals(store, carry, { most: data.most, changed: draw }).load();
for (const one of data.people) if (one.came) arrivals.came.add(one.who);

function mark(line, text, look) {
  const button = line.querySelector("button");
  if (button) button.hidden = look !== "bad";
  let badge = line.querySelector(".badge");
  if (!badge) line.append((badge = Object.assign(document.createElement("span"), { className: "badge" })));
  badge.className = `badge ${look}`;
  badge.textContent = text;
}

function draw() {
  const here = [...arrivals.rows.values()].filter((row) => row.session === data.session);
  for (const who of arrivals.came) if (lines.has(who) && !lines.get(who).querySelector(".badge.good")) mark(lines.get(who), words.sent, "good");
  for (const row of here) if (lines.has(row.who)) mark(lines.get(row.who), row.refused ? filled(words.refused, { reason: row.refused }) : words.waiting, row.refused ? "bad" : "warn");
  const open = here.filter((row) => !row.refused && !arrivals.came.has(row.who));
  document.getElementById("came").textContent = arrivals.came.size + open.length;
  const left = arrivals.waiting.length;
  document.getElementById("line").textContent = arrivals.signedOut ? words.signed_out : left ? filled(words.left, { n: left }) : words.all;
}

async function checkIn(who, way) {
  const { name } = byWho.get(who);
  const how = await arrivals.add({ key: makeKey(), who, at: new Date().toISOString(), way, session: data.session, site: data.site });
  said.textContent = filled(how === "again" ? words.again : words.done, { name });
  arrivals.flush();
}

function typed(text) {
  const found = byCode.get(tidy(text));
  if (found) {
    checkIn(found.who, "CODE");
    code.value = "";
    narrow("");
    return true;
  }
  return false;
}

// What is no code narrows the list; one line left and Enter checks it in.
function narrow(text) {
  const parts = fold(text).split(/\s+/).filter(Boolean);
  for (const [who, line] of lines) line.hidden = !parts.every((part) => fold(line.textContent).includes(part)) && byWho.has(who);
}

code.addEventListener("input", () => typed(code.value) || narrow(code.value));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const who = event.submitter?.name === "who" ? event.submitter.value : null;
  if (who) return checkIn(who, "LIST");
  if (!code.value.trim() || typed(code.value)) return undefined;
  const left = [...lines].filter(([, line]) => !line.hidden);
  if (left.length === 1) {
    code.value = "";
    narrow("");
    return checkIn(left[0][0], "LIST");
  }
  said.textContent = words.unknown;
  return undefined;
});

// --- the camera, where the browser reads codes itself -----------------------------------------------------------------

const camera = document.getElementById("camera");
const view = document.getElementById("view");
if ("BarcodeDetector" in window && navigator.mediaDevices && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) camera.hidden = false;

camera.addEventListener("click", async () => {
  try {
    view.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    said.textContent = words.camera;
    return;
  }
  view.hidden = false;
  await view.play();
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  let last = "";
  setInterval(async () => {
    const seen = (await detector.detect(view).catch(() => []))[0]?.rawValue ?? "";
    if (!seen || seen === last) return;
    last = seen;
    if (!typed(seen)) said.textContent = words.unknown;
  }, 250);
});

// --- the line -----------------------------------------------------------------------------------------------------------

draw();
arrivals.flush();
addEventListener("online", () => arrivals.flush());
setInterval(() => arrivals.waiting.length && arrivals.flush(), AGAIN);
const outcome = await keepPage(data.worker, data.account);
document.getElementById("kept").textContent = !lasting ? words.volatile : outcome === "kept" ? words.kept : words.not_kept;

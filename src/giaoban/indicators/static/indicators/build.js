// The builder and the formula boxes: dragging, keys, names completed while typing, the formula read back in words.
// Everything here is also done by plain forms; this only saves clicks.
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

// --- lines of a sheet -------------------------------------------------------------------------------------------
const built = document.getElementById("built");

function press(line, step) {
  line.querySelector(`button[name=step][value=${step}]:not(:disabled)`)?.click();
}

if (built) {
  built.addEventListener("keydown", (event) => {
    const line = event.target.closest("[data-line]");
    const step = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" }[event.key];
    if (!line || !event.altKey || !step) return;
    event.preventDefault();
    press(line, step);
  });
  let dragged = null;
  const clear = () => built.querySelectorAll(".over").forEach((one) => one.classList.remove("over"));
  built.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-line]");
    if (!dragged) return;
    dragged.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.line);
  });
  built.addEventListener("dragover", (event) => {
    const section = event.target.closest("[data-section]");
    if (!dragged || !section) return;
    event.preventDefault();
    clear();
    event.target.closest("[data-line]")?.classList.add("over");
  });
  built.addEventListener("dragend", () => {
    clear();
    dragged?.classList.remove("dragged");
    dragged = null;
  });
  built.addEventListener("drop", async (event) => {
    const section = event.target.closest("[data-section]");
    if (!dragged || !section) return;
    event.preventDefault();
    const before = event.target.closest("[data-line]");
    const body = new URLSearchParams({
      section: section.dataset.section,
      before: before ? before.dataset.line : "",
      seen: built.dataset.seen,
    });
    await fetch(dragged.dataset.place, { method: "POST", body, headers: { "X-CSRFToken": token() } });
    location.reload();
  });
  const target = location.hash && document.getElementById(location.hash.slice(1));
  target?.focus({ preventScroll: true });
}

for (const button of document.querySelectorAll("[data-all]")) {
  button.addEventListener("click", () => {
    for (const box of button.form.querySelectorAll("input[name=cell]")) box.checked = Boolean(button.dataset.all);
  });
}

// --- formula boxes ----------------------------------------------------------------------------------------------
const NAME = /[\p{L}_][\p{L}0-9_.]*(\[[^\]]*\]?)?$/u;

function formulaBox(box) {
  const form = box.form;
  const holder = document.createElement("div");
  holder.className = "formula-box";
  const said = document.createElement("p");
  said.className = "formula-said";
  said.setAttribute("aria-live", "polite");
  const list = document.createElement("ul");
  list.className = "formula-names";
  box.after(holder);
  holder.append(list, said);
  const here = [...form.querySelectorAll(".names-here [data-name]")];
  let timer = 0;
  let asked = 0;

  const typedName = () => box.value.slice(0, box.selectionStart).match(NAME)?.[0] ?? "";
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");

  function take(name) {
    const start = box.selectionStart - typedName().length;
    box.setRangeText(name, start, box.selectionStart, "end");
    list.replaceChildren();
    box.focus();
    look(false);
  }

  function offer(rows) {
    list.replaceChildren(
      ...rows.map(([key, words]) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        const code = document.createElement("code");
        button.type = "button";
        button.dataset.name = key;
        code.textContent = key;
        button.append(code, words);
        item.append(button);
        return item;
      }),
    );
  }

  async function names() {
    const text = typedName();
    if (text.length < 2) return list.replaceChildren();
    if (here.length) {
      const words = fold(text).split(/[^a-z0-9]+/).filter(Boolean);
      const fits = here.filter((one) => words.every((word) => fold(one.textContent).includes(word)));
      return offer(fits.slice(0, 12).map((one) => [one.dataset.name, one.textContent.split(" – ").slice(1).join(" – ")]));
    }
    const number = ++asked;
    const answer = await fetch(`${form.dataset.names}?q=${encodeURIComponent(text)}`);
    if (number === asked && answer.ok) list.innerHTML = await answer.text();
  }

  async function read() {
    if (!box.value.trim()) return said.replaceChildren();
    const answer = await fetch(`${form.dataset.read}?la=${box.dataset.formula}&q=${encodeURIComponent(box.value)}`);
    if (answer.ok) said.innerHTML = await answer.text();
  }

  function look(typed) {
    clearTimeout(timer);
    timer = setTimeout(() => (typed && names(), read()), 250);
  }

  box.addEventListener("input", (event) => look(event.isTrusted));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") list.replaceChildren();
    if (event.key === "ArrowDown" && list.firstChild) {
      event.preventDefault();
      list.querySelector("button").focus();
    }
  });
  list.addEventListener("keydown", (event) => {
    const buttons = [...list.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") return list.replaceChildren(), box.focus();
    if (!step) return;
    event.preventDefault();
    (buttons[buttons.indexOf(document.activeElement) + step] ?? box).focus();
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-name]");
    if (button) take(button.dataset.name);
  });
  if (box.value.trim()) read();
}

for (const box of document.querySelectorAll("textarea[data-formula]")) formulaBox(box);

// Two lines chosen write the formula; the sentence follows it while nobody has worded it.
const rule = document.querySelector(".rule-row");
if (rule) {
  const form = rule.closest("form");
  const [left, sign, right] = ["left", "sign", "right"].map((name) => form.elements[name]);
  let made = "";
  rule.addEventListener("change", () => {
    if (!left.value || !right.value) return;
    form.elements.expression.value = `${left.value} ${sign.value} ${right.value}`;
    form.elements.expression.dispatchEvent(new Event("input"));
    const words = (one) => one.selectedOptions[0].textContent;
    if (form.elements.sentence.value === made) {
      made = `“${words(left)}” ${words(sign)} “${words(right)}”.`;
      form.elements.sentence.value = made;
    }
  });
}

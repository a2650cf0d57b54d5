// The grid under the fingers: keys, pasting a block, copying the column, taking a change back, notes folded on a phone.
// Up, down and Enter are in ui/table.js.

const phone = matchMedia("(max-width: 44rem)");
const idOf = (input) => input.name.replace(/^(cell|note)-/, "");
const isField = (item) => /^(cell|note)-/.test(item?.name ?? "");

export class Grid {
  constructor(form, typed) {
    Object.assign(this, { form, typed, past: [], before: "" });
    this.cells = [...form.querySelectorAll('input[name^="cell-"]')];
    this.folds = [...form.querySelectorAll(".fold-note")];
    form.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("paste", (event) => isField(event.target) && this.paste(event));
    form.addEventListener("focusin", (event) => isField(event.target) && this.enter(event.target));
    form.addEventListener("input", (event) => isField(event.target) && typed([idOf(event.target)]));
    form.addEventListener("change", (event) => isField(event.target) && this.done(event.target));
    form.addEventListener("click", (event) => {
      const button = event.target.closest(".fold-note");
      if (button) this.unfold(button, true);
    });
    this.unfoldFilled();
  }

  field(name) {
    return this.form.elements.namedItem(name);
  }

  // --- one cell ------------------------------------------------------------------------------------------------------

  enter(input) {
    this.before = input.value;
    if (input.name.startsWith("cell-")) input.select();
  }

  // Left with another text than it was entered with: that can be taken back.
  done(input) {
    if (input.value === this.before) return;
    this.past.push([[input, this.before]]);
    this.before = input.value;
  }

  set(input, text, group) {
    if (input.value === text) return;
    group.push([input, input.value]);
    input.value = text;
  }

  key(event) {
    const input = event.target;
    if (!isField(input)) return this.tab(event);
    if (event.key === "Escape" && input.value !== this.before) {
      event.preventDefault();
      input.value = this.before;
      this.typed([idOf(input)]);
      return undefined;
    }
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z") return this.takeBack(event);
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") return this.aside(event);
    return this.tab(event);
  }

  // Ctrl+Z: what is being typed, else the last cell or block that was changed.
  takeBack(event) {
    const input = event.target;
    const group = input.value !== this.before ? [[input, this.before]] : this.past.pop();
    if (!group) return;
    event.preventDefault();
    for (const [item, text] of group) item.value = text;
    this.before = group[0][0] === input ? group[0][1] : input.value;
    group[0][0].focus();
    this.typed(group.map(([item]) => idOf(item)));
  }

  // From a figure to its explanation and back, once the caret stands at that end of the text.
  aside(event) {
    const input = event.target;
    if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    const right = event.key === "ArrowRight";
    const all = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    const atEnd = right ? input.selectionStart === input.value.length : input.selectionEnd === 0;
    const next = this.field(`${right ? "note" : "cell"}-${idOf(input)}`);
    if (!(all || atEnd) || !next || next === input || !next.offsetParent) return;
    event.preventDefault();
    next.focus();
    next.select();
  }

  // --- blocks --------------------------------------------------------------------------------------------------------

  // A block goes down the column. Of several columns the first with figures goes there, the next into the explanations.
  paste(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const prefix = event.target.name.startsWith("note-") ? "note-" : "cell-";
    const inputs = this.cells.map((cell) => this.field(prefix + idOf(cell)));
    const start = inputs.indexOf(event.target);
    const rows = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
    const first = prefix === "cell-" ? figures(rows) : 0;
    const group = [];
    rows.slice(0, inputs.length - start).forEach((row, place) => {
      const input = inputs[start + place];
      this.set(input, (row[first] ?? "").trim(), group);
      const words = row[first + 1];
      if (prefix === "cell-" && words !== undefined) this.set(this.field(`note-${idOf(input)}`), words.trim(), group);
    });
    if (group.length) this.past.push(group);
    this.before = event.target.value;
    this.typed([...new Set(group.map(([input]) => idOf(input)))]);
    this.unfoldFilled();
  }

  // The column as a block for a spreadsheet: what can be pasted back here.
  column() {
    return this.cells.map((cell) => `${cell.value}\t${this.field(`note-${idOf(cell)}`).value}`).join("\n");
  }

  // --- explanations on a phone ---------------------------------------------------------------------------------------
  // Each line is a card there. "Next" leads from figure to figure: an explanation is folded away until it is asked for
  // or holds words, and Tab comes to the explanations when the figures are done.

  unfold(button, focus = false) {
    const note = document.getElementById(button.getAttribute("aria-controls"));
    button.setAttribute("aria-expanded", "true");
    note.closest("td").classList.add("open");
    if (focus) note.focus();
  }

  unfoldFilled() {
    for (const button of this.folds) if (document.getElementById(button.getAttribute("aria-controls")).value) this.unfold(button);
  }

  unfoldFor(id) {
    const button = this.folds.find((one) => one.getAttribute("aria-controls") === `note-${id}`);
    if (button?.getAttribute("aria-expanded") === "false") this.unfold(button);
  }

  tab(event) {
    if (event.key !== "Tab" || event.altKey || event.ctrlKey || event.metaKey || !phone.matches) return;
    const shown = [...this.form.querySelectorAll(".fold-note, input.note")].filter((item) => item.offsetParent);
    const order = [...this.cells, ...shown];
    const here = order.indexOf(event.target);
    const next = here < 0 ? undefined : order[here + (event.shiftKey ? -1 : 1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}

// Which column of a block holds the figures: the first, or the one beside it where the first is names of lines.
function figures(rows) {
  const some = (column) => rows.filter((row) => /\d/.test(row[column] ?? "") && /^[\d.,\s-]*$/.test(row[column])).length;
  return some(1) > some(0) && some(0) * 2 < rows.length ? 1 : 0;
}

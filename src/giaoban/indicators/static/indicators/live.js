// A report as it stands in the fields: totals, rules, what is unusual; by the same expressions as the server, at once.
// Pure: given the data of queries/sheet_data.py and what is typed, it says what the page should show. The sentences,
// their order and their weights are those of queries/findings.py (held equal by tests/rooms/indicators).
import { Formula, fraction } from "./formula.js";
import { MISSING, amountText, readCell, shown, viShort } from "./numbers.js";

const filled = (words, places) => words.replace(/%\((\w+)\)s/g, (_, name) => places[name]).replaceAll("%%", "%");
const whole = (text) => (text === null ? null : BigInt(text));
const size = (value) => (value < 0n ? -value : value);

function timesChanged(value, before) {
  const [low, high] = size(value) < size(before) ? [size(value), size(before)] : [size(before), size(value)];
  const below = low * 2n > 1n ? low * 2n : 1n;
  return (high * 8n) / below; // four times the ratio, rounded down
}

export class Sheet {
  constructor(data) {
    this.words = data.words;
    this.cells = data.cells;
    this.byId = new Map(data.cells.map((cell) => [cell.id, cell]));
    this.values = new Map(Object.entries(data.values).map(([id, text]) => [id, whole(text)]));
    this.notes = new Map();
    this.totals = data.totals.map((total) => ({ ...total, formula: new Formula(total.tree, data.cells) }));
    this.rules = data.rules.map((rule) => ({ ...rule, formula: new Formula(rule.tree, data.cells) }));
    this.bounds = new Map(Object.entries(data.bounds).map(([id, bounds]) => [id, bounds.map(bound)]));
  }

  get own() {
    return this.cells.filter((cell) => cell.own);
  }

  get filled() {
    return this.own.filter(({ id }) => (this.values.get(id) ?? null) !== null).length;
  }

  // Take in what stands in a field; the sentence of the fault when it is no figure for this cell, else "".
  put(id, text, note) {
    const cell = this.byId.get(id);
    const { value, fault } = readCell(text, cell.scale);
    this.notes.set(id, note.trim());
    if (fault) {
      this.values.delete(id);
      return filled(this.words.faults[fault], { cell: cell.words, text: text.trim(), places: cell.scale });
    }
    this.values.set(id, value);
    return "";
  }

  // Each computed line: a plain sum shows what is there and how many are not; anything else needs all its parts.
  *computed() {
    for (const { order, unit, sums, formula } of this.totals) {
      if (!sums.length) {
        yield { order, text: amountText(formula.of(this.values), unit), partial: 0 };
        continue;
      }
      const known = sums.map((id) => this.values.get(id) ?? null).filter((value) => value !== null);
      const sum = known.length ? fraction(known.reduce((all, one) => all + one, 0n)) : null;
      yield { order, text: amountText(sum, unit), partial: sums.length - known.length };
    }
  }

  // Why a value is unusual and what is usual, or null.
  unusual(id) {
    const value = this.values.get(id) ?? null;
    const broken = value === null ? [] : (this.bounds.get(id) ?? []).filter((one) => !holds(one, value));
    return broken.length ? { value, broken, asks: broken.some((one) => one.asks), usual: broken[0].usual, words: broken[0].words } : null;
  }

  // Everything to look at, the heaviest first: {look, sentence, cell, open, explanation}.
  findings() {
    const found = this.rules.flatMap((rule) => this.ofRule(rule));
    for (const cell of this.own) found.push(...this.ofCell(cell));
    return found.map((one) => ({ ...one, weight: one.explanation ? one.weight >> 1 : one.weight })).sort((a, b) => b.weight - a.weight);
  }

  ofRule({ formula, sentence, hard }) {
    if (formula.of(this.values) !== false) return [];
    const explanation = formula.reads.map((id) => this.notes.get(id)).filter(Boolean).join("; ");
    const open = hard && !explanation;
    return [{ look: open ? "must" : "rule", sentence, cell: formula.reads[0], open, explanation, weight: hard ? 100 : 60 }];
  }

  ofCell({ id, words, scale }) {
    const explanation = this.notes.get(id) ?? "";
    const value = this.values.get(id);
    const common = { cell: id, explanation };
    if (value === null && explanation)
      return [{ ...common, look: "blank", sentence: filled(this.words.blank, { cell: words }), open: false, weight: 10 }];
    const found = this.unusual(id);
    if (!found) return [];
    const { broken } = found;
    const open = found.asks && !explanation;
    const changed = broken[0].kind === "change";
    const why = (changed ? broken.slice(1) : broken).map((one) => (one.high !== null && value > one.high ? one.above : one.below)).join(" ");
    const usual = changed ? (broken[0].before ?? 0n) : broken[0].high !== null && value > broken[0].high ? broken[0].high : (broken[0].low ?? 0n);
    const about = Number(timesChanged(value, usual));
    const change = changed && this.changeWords(words, value, broken[0], scale);
    const sentence = changed ? change + (why && `. ${why}`) : filled(this.words.unusual, { cell: words, value: shown(value, scale), why });
    return [{ ...common, look: open ? "words" : changed ? "change" : "unusual", sentence, open, weight: 20 + Math.min(39, about) }];
  }

  changeWords(cell, value, { before: known, against }, scale) {
    const before = known ?? 0n;
    const places = { cell, value: shown(value, scale) || MISSING, before: shown(before, scale), when: this.words.when[against] ?? this.words.when.same };
    const { nought, times, up, down } = this.words.change;
    if (before <= 0n || value <= 0n) return filled(nought, places);
    if (value >= 2n * before) return filled(times, { ...places, times: viShort(fraction(value, before), 1) });
    const percent = viShort(fraction(size(value - before) * 100n, before), 0);
    return filled(value > before ? up : down, { ...places, percent });
  }
}

const bound = (one) => ({ ...one, low: whole(one.low), high: whole(one.high), before: whole(one.before) });
const holds = ({ low, high }, value) => (low === null || low <= value) && (high === null || value <= high);

export { filled };

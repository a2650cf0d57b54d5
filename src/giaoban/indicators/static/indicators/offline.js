// What was typed and is not stored yet: kept on this machine, sent when there is a line, settled cell by cell.
//
// Pure: a store and a transport are handed in, so that a generated test can cut the line, crash the page and double the
// answers ten thousand times (tests/generative/test_offline.py). Each cell remembers the `base` it started from: what the
// server held when the person began. A batch gets a key before it leaves and keeps it until it is answered; the server
// answers the same key the same way, so that a lost answer is asked for again, never stored twice. Where somebody else
// has typed meanwhile the server keeps the cell out and tells it three ways; it then waits here for the person's choice.

export class NoLine extends Error {} // nothing came back: try again later
export class SignedOut extends Error {} // the session is over: everything waits until somebody signs in again
export class Blocked extends Error {} // the server will not take anything for this report now; the message says why

const MOST = 300; // cells in one batch
const PARTS = ["text", "note"];
const same = (a, b) => a.text === b.text && a.note === b.note;

// store.load() → {cells: {id: record}, batch, wish}; store.save({cells?, batch?, wish?}): one atomic write, null removes.
// transport(batch) → {kept, refused, conflicts, seen}. changed(ids) is told what to show anew.
// record: {base, mine, refused, conflict, version}; mine is null where nothing waits and the base is only remembered.
export class Queue {
  constructor({ store, transport, makeKey, changed = () => {} }) {
    Object.assign(this, { store, transport, makeKey, changed });
    this.cells = new Map();
    this.shown = new Map(); // what the page came with: id → {text, note}
    this.batch = null;
    this.wish = false; // to hand in when everything has been sent
    this.state = "idle"; // sending, offline, signed-out, blocked
    this.words = ""; // of a blocked report
    this.version = 0;
    this.running = null;
  }

  // Take up what an earlier page kept; `shown` and `version` are what the server put into this one.
  async open(shown, version) {
    this.shown = new Map(shown);
    this.version = version;
    const kept = await this.store.load();
    for (const [id, record] of Object.entries(kept.cells)) {
      const older = record.mine === null && record.version <= version; // the page is as new as what was remembered
      if (!older) this.cells.set(id, record);
      this.version = Math.max(this.version, record.version ?? 0);
    }
    this.batch = kept.batch ?? null;
    this.wish = Boolean(kept.wish);
    const stale = Object.keys(kept.cells).filter((id) => !this.cells.has(id));
    if (stale.length) await this.store.save({ cells: Object.fromEntries(stale.map((id) => [id, null])) });
    this.changed([...this.cells.keys()]);
  }

  // --- what stands where ---------------------------------------------------------------------------------------------

  base(id) {
    return this.cells.get(id)?.base ?? this.shown.get(id) ?? { text: "", note: "" };
  }

  mine(id) {
    return this.cells.get(id)?.mine ?? this.base(id);
  }

  get waiting() {
    return [...this.cells].filter(([, one]) => one.mine).map(([id]) => id);
  }

  get conflicts() {
    return this.waiting.filter((id) => this.cells.get(id).conflict);
  }

  get refused() {
    return this.waiting.filter((id) => isRefused(this.cells.get(id)));
  }

  // Waiting for nothing but the line.
  get ready() {
    return this.waiting.filter((id) => this.parts(id));
  }

  // --- typing --------------------------------------------------------------------------------------------------------

  // Resolves when it is safe on this machine.
  type(id, part) {
    const record = this.cells.get(id) ?? { base: this.base(id), mine: null, refused: null, conflict: null, version: this.version };
    const mine = { ...(record.mine ?? record.base), ...part };
    const nothing = same(mine, record.base) && !record.conflict && !this.batch?.cells[id];
    this.cells.set(id, { ...record, mine: nothing ? null : mine });
    if (this.state === "blocked") this.state = "idle";
    this.changed([id]);
    return this.keep([id]);
  }

  // The person has seen all three and chooses: "mine", "theirs", or another {text, note}.
  choose(id, choice) {
    const record = this.cells.get(id);
    if (!record?.conflict) return Promise.resolve();
    const base = record.conflict.theirs;
    const mine = choice === "theirs" ? base : choice === "mine" ? record.mine : choice;
    this.cells.set(id, { ...record, base, conflict: null, refused: null, mine: same(mine, base) ? null : mine });
    this.changed([id]);
    return this.keep([id]);
  }

  wishToHandIn(wish) {
    this.wish = wish;
    return this.store.save({ wish });
  }

  keep(ids, more = {}) {
    return this.store.save({ cells: Object.fromEntries(ids.map((id) => [id, this.cells.get(id) ?? null])), ...more });
  }

  // --- sending -------------------------------------------------------------------------------------------------------

  // Send until nothing is ready or the line breaks. Calls while one is under way join it.
  flush() {
    this.running ??= this.run().finally(() => (this.running = null));
    return this.running;
  }

  async run() {
    try {
      for (;;) {
        const batch = this.batch ?? this.makeBatch();
        if (!batch) break;
        if (!this.batch) {
          this.batch = batch;
          await this.store.save({ batch }); // its key is safe before anything leaves
        }
        this.become("sending");
        await this.settle(batch, await this.transport(batch));
      }
      this.become("idle");
    } catch (trouble) {
      await this.stop(trouble);
    }
  }

  async stop(trouble) {
    if (trouble instanceof Blocked) {
      this.batch = null; // refused as a whole: nothing of it was stored, and it may be put together anew
      this.words = trouble.message;
      await this.store.save({ batch: null });
      this.become("blocked");
    } else if (trouble instanceof SignedOut) this.become("signed-out");
    else if (trouble instanceof NoLine) this.become("offline");
    else throw trouble;
  }

  become(state) {
    this.state = state;
    this.changed([]);
  }

  // Which parts of a cell are to be sent, or null: what stands refused or in conflict waits for the person.
  parts(id) {
    const record = this.cells.get(id);
    if (!record?.mine || record.conflict) return null;
    const found = PARTS.filter((part) => record.mine[part] !== record.base[part] && record.refused?.[part] !== record.mine[part]);
    return found.length ? Object.fromEntries(found.map((part) => [part, record.mine[part]])) : null;
  }

  makeBatch() {
    const cells = {};
    for (const id of this.ready.slice(0, MOST)) {
      const { base } = this.cells.get(id);
      cells[id] = { ...this.parts(id), was: base.text, was_note: base.note };
    }
    return Object.keys(cells).length ? { key: this.makeKey(), cells } : null;
  }

  async settle(batch, answer) {
    const ids = Object.keys(batch.cells);
    this.version = Math.max(this.version, answer.seen);
    for (const id of ids) this.cells.set(id, this.settled(id, batch.cells[id], answer));
    this.batch = null;
    await this.keep(ids, { batch: null });
    this.changed(ids);
  }

  settled(id, sent, answer) {
    const record = { ...this.cells.get(id), version: answer.seen };
    if (id in answer.kept) return this.follow(record, answer.kept[id], sent);
    if (id in answer.conflicts) {
      const conflict = answer.conflicts[id];
      const agreed = same(record.mine, conflict.theirs) || same(record.mine, record.base); // or typed back meanwhile
      return agreed ? { ...record, base: conflict.theirs, mine: null, refused: null } : { ...record, conflict };
    }
    const part = "text" in sent ? "text" : "note";
    const refused = { ...record.refused, [part]: sent[part], sentence: answer.refused[id] ?? "" };
    return same(record.mine, record.base) ? { ...record, mine: null, refused: null } : { ...record, refused };
  }

  // The new base, part by part. One that was sent, or never typed here, follows the server; one that was typed while the
  // batch was away keeps the base its author saw, so that a figure of somebody else cannot slip in beneath it.
  follow(record, stored, sent) {
    const base = { ...record.base };
    const mine = { ...record.mine };
    for (const part of PARTS) {
      const untouched = record.mine[part] === record.base[part];
      if (part in sent || untouched) base[part] = stored[part];
      if (record.mine[part] === (part in sent ? sent[part] : record.base[part])) mine[part] = base[part];
    }
    const open = PARTS.filter((part) => !(part in sent) && record.refused?.[part] === mine[part]);
    return { ...record, base, mine: same(mine, base) ? null : mine, refused: open.length ? record.refused : null };
  }
}

const isRefused = ({ mine, base, refused }) =>
  Boolean(mine && refused && PARTS.some((part) => mine[part] !== base[part] && refused[part] === mine[part]));

// A store that forgets with the page: where the browser keeps nothing, and for tests.
export class Memory {
  constructor() {
    this.kept = { cells: {}, batch: null, wish: false };
  }

  load() {
    return Promise.resolve(structuredClone(this.kept));
  }

  save({ cells = {}, ...rest }) {
    for (const [id, record] of Object.entries(structuredClone(cells))) {
      if (record === null) delete this.kept.cells[id];
      else this.kept.cells[id] = record;
    }
    Object.assign(this.kept, structuredClone(rest));
    return Promise.resolve();
  }
}

// Check-ins made on this phone: kept before they are shown, sent when there is a line, sent again until it is known that
// they arrived. Each has a key of its own, so that the server keeps it once. Pure: the store and the line are handed in.
export class NoLine extends Error {}
export class SignedOut extends Error {}

export class Arrivals {
  constructor(store, carry, { most = 100, changed = () => {} } = {}) {
    Object.assign(this, { store, carry, most, changed });
    this.rows = new Map(); // key → {key, who, at, way, session, refused}
    this.came = new Set(); // who, at the session of this page
    this.signedOut = false;
    this.flushing = null;
  }

  async load() {
    for (const row of await this.store.all()) this.rows.set(row.key, row);
    return this;
  }

  get waiting() {
    return [...this.rows.values()].filter((row) => !row.refused);
  }

  // "again" when they are checked in already, else "kept": it is safe on this phone.
  async add(row) {
    const twice = this.came.has(row.who) || this.waiting.some(({ who, session }) => who === row.who && session === row.session);
    if (twice) return "again";
    for (const old of [...this.rows.values()]) if (old.refused && old.who === row.who && old.session === row.session) await this.drop(old.key);
    this.rows.set(row.key, row);
    await this.store.put(row);
    this.changed();
    return "kept";
  }

  // Send what waits; true when nothing waits any more.
  flush() {
    this.flushing ??= this.sendAll().finally(() => (this.flushing = null));
    return this.flushing;
  }

  async sendAll() {
    try {
      while (this.waiting.length) await this.sendSome(this.waiting.slice(0, this.most));
      this.signedOut = false;
    } catch (trouble) {
      if (!(trouble instanceof NoLine || trouble instanceof SignedOut)) throw trouble;
      this.signedOut = trouble instanceof SignedOut;
    }
    this.changed();
    return !this.waiting.length;
  }

  async sendSome(rows) {
    const { taken, refused } = await this.carry(rows.map(({ key, who, at, way, session, site = null }) => ({ key, who, at, way, session, site })));
    let heard = 0;
    for (const row of rows) {
      if (taken.includes(row.key)) {
        this.came.add(row.who);
        await this.drop(row.key);
        heard += 1;
      } else if (refused[row.key]) {
        Object.assign(row, { refused: refused[row.key] });
        await this.store.put(row);
        heard += 1;
      }
    }
    if (!heard) throw new NoLine(); // an answer about nothing that was sent: as good as none
    this.changed();
  }

  async drop(key) {
    this.rows.delete(key);
    await this.store.drop(key);
  }
}

// Where a browser keeps nothing: until the page is closed.
export class Memory {
  constructor() {
    this.kept = new Map();
  }
  async all() {
    return [...this.kept.values()];
  }
  async put(row) {
    this.kept.set(row.key, { ...row });
  }
  async drop(key) {
    this.kept.delete(key);
  }
}

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

class Kept {
  constructor(database, account, meeting) {
    Object.assign(this, { database, account, meeting });
  }
  rows(mode) {
    return this.database.transaction("rows", mode, { durability: "strict" }).objectStore("rows");
  }
  all() {
    return asked(this.rows("readonly").getAll(IDBKeyRange.bound([this.account, this.meeting], [this.account, this.meeting, []])));
  }
  put(row) {
    return this.done((rows) => rows.put(row, [this.account, this.meeting, row.key]));
  }
  drop(key) {
    return this.done((rows) => rows.delete([this.account, this.meeting, key]));
  }
  done(act) {
    return new Promise((resolve, reject) => {
      const rows = this.rows("readwrite");
      rows.transaction.oncomplete = () => resolve();
      rows.transaction.onabort = rows.transaction.onerror = () => reject(rows.transaction.error);
      act(rows);
    });
  }
}

// {store, lasting}: the browser's own database, or memory where it has none for us.
export async function storeFor(account, meeting) {
  try {
    const request = indexedDB.open("giaoban-check-in", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("rows");
    return { store: new Kept(await asked(request), account, meeting), lasting: true };
  } catch {
    return { store: new Memory(), lasting: false };
  }
}

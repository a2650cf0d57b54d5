// What waits, kept in the browser's own database: a row for each (account, report, cell), and one for the batch under way.
import { Memory } from "./offline.js";

const NAME = "giaoban-entry";
const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function opened() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("cells");
    request.result.createObjectStore("reports");
  };
  return asked(request);
}

class Kept {
  constructor(database, account, report) {
    Object.assign(this, { database, account, report });
    this.range = IDBKeyRange.bound([account, report], [account, report, []]); // arrays sort after all text
  }

  async load() {
    const reading = this.database.transaction(["cells", "reports"]);
    const [keys, rows, about] = await Promise.all([
      asked(reading.objectStore("cells").getAllKeys(this.range)),
      asked(reading.objectStore("cells").getAll(this.range)),
      asked(reading.objectStore("reports").get([this.account, this.report])),
    ]);
    return { cells: Object.fromEntries(keys.map((key, place) => [key[2], rows[place]])), batch: null, wish: false, ...about };
  }

  save({ cells = {}, ...rest }) {
    return new Promise((resolve, reject) => {
      const writing = this.database.transaction(["cells", "reports"], "readwrite", { durability: "strict" });
      writing.oncomplete = () => resolve();
      writing.onabort = writing.onerror = () => reject(writing.error);
      const rows = writing.objectStore("cells");
      for (const [id, record] of Object.entries(cells)) {
        const key = [this.account, this.report, id];
        if (record === null) rows.delete(key);
        else rows.put(record, key);
      }
      if (!Object.keys(rest).length) return;
      const reports = writing.objectStore("reports");
      const reading = reports.get([this.account, this.report]);
      reading.onsuccess = () => reports.put({ ...reading.result, ...rest }, [this.account, this.report]);
    });
  }
}

// {store, lasting}: the browser's database, or memory where it keeps nothing or another tab has this report open.
export async function storeFor(account, report) {
  try {
    if (!(await alone(`giaoban-entry-${account}-${report}`))) return { store: new Memory(), lasting: false, elsewhere: true };
    return { store: new Kept(await opened(), account, report), lasting: true };
  } catch {
    return { store: new Memory(), lasting: false };
  }
}

// One tab at a time keeps a report: the lock goes with the page. Without HTTPS there are no locks, and no offline either.
function alone(name) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}

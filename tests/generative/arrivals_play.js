// Phones at the door whose lines break and whose pages crash, played by chance against a server that keeps each key and
// each person once, as actions.checkin does. Everybody who was tapped must be there, once.
import { Arrivals, Memory, NoLine, SignedOut } from "/arrivals.js";

function dice(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

class Server {
  rows = new Map();
  send(rows) {
    const [taken, refused] = [[], {}];
    for (const row of rows) {
      if (row.who === "i0") refused[row.key] = "not on the list";
      else {
        if (!this.rows.has(row.key) && ![...this.rows.values()].some(({ who }) => who === row.who)) this.rows.set(row.key, row);
        taken.push(row.key);
      }
    }
    return { taken, refused };
  }
}

export async function play(seed, people, phones) {
  const next = dice(seed);
  const server = new Server();
  const lines = Array.from({ length: phones }, () => ({ up: true }));
  const carry = (line) => async (rows) => {
    if (!line.up && next() < 0.2) throw new SignedOut();
    if (!line.up || next() < 0.2) throw new NoLine(); // the server heard nothing
    const answer = server.send(structuredClone(rows));
    if (next() < 0.2) throw new NoLine(); // the server kept it, the phone does not know
    return next() < 0.05 ? { taken: [], refused: {} } : answer;
  };
  const stores = lines.map(() => new Memory());
  const pages = await Promise.all(lines.map((line, n) => new Arrivals(stores[n], carry(line), { most: 7 }).load()));
  const tapped = new Set();
  let key = 0;
  for (let step = 0; step < people * 3; step += 1) {
    const n = Math.floor(next() * phones);
    if (next() < 0.1) lines[n].up = !lines[n].up;
    if (next() < 0.05) pages[n] = await new Arrivals(stores[n], carry(lines[n]), { most: 7 }).load(); // the page crashed
    const who = `i${Math.floor(next() * people)}`;
    await pages[n].add({ key: `k${(key += 1)}`, who, at: new Date(0).toISOString(), way: "LIST", session: null });
    if (who !== "i0") tapped.add(who);
    if (next() < 0.5) await pages[n].flush();
  }
  for (const line of lines) line.up = true;
  for (let n = 0; n < phones; n += 1) for (let tries = 0; tries < 500 && pages[n].waiting.length; tries += 1) await pages[n].flush();
  const there = [...server.rows.values()].map(({ who }) => who);
  return {
    tapped: tapped.size,
    lost: [...tapped].filter((who) => !there.includes(who)).length,
    double: there.length - new Set(there).size,
    waiting: pages.reduce((sum, page) => sum + page.waiting.length, 0),
    refused: pages.reduce((sum, page) => sum + page.rows.size, 0),
  };
}

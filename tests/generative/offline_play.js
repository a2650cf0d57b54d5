// Two people, one report, a line that breaks: played by chance against a server that behaves as actions.sending does.
//
// Every typed figure is a number of its own, so that each can be followed: it must end up stored, replaced by its own
// author, refused by a rule everybody can see, or given up by a choice its author was shown. And nobody may replace a
// figure of somebody else that was not on their screen.
import { Blocked, Memory, NoLine, Queue, SignedOut } from "/offline.js";

// A small generator with a seed (mulberry32), so that a failing play can be played again.
export function dice(seed) {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { chance: (share) => next() < share, pick: (list) => list[Math.floor(next() * list.length)], below: (n) => Math.floor(next() * n) };
}

const EMPTY = { text: "", note: "" };

// The server of `actions.sending.send`, in memory. A text "x…" is no number and is refused.
export class Server {
  constructor(ids) {
    this.cells = new Map(ids.map((id) => [id, { ...EMPTY, who: { text: "", note: "" } }]));
    this.answers = new Map();
    this.version = 0;
    this.log = []; // every figure that was replaced: {id, part, who, from, by, to}
    this.stored = new Set(); // every figure that ever stood here
  }

  send(who, { key, cells }) {
    if (this.answers.has(key)) return structuredClone(this.answers.get(key));
    const outcome = { kept: {}, refused: {}, conflicts: {} };
    let changed = false;
    for (const [id, sent] of Object.entries(cells)) changed = this.one(who, id, sent, outcome) || changed;
    if (changed) this.version += 1;
    outcome.seen = this.version;
    this.answers.set(key, structuredClone(outcome));
    return outcome;
  }

  one(who, id, sent, outcome) {
    const stands = this.cells.get(id);
    const mine = { text: sent.text ?? stands.text, note: sent.note ?? stands.note };
    if (mine.text.startsWith("x")) {
      outcome.refused[id] = "no number";
      return false;
    }
    const before = { text: sent.was, note: sent.was_note };
    const theirs = { text: stands.text, note: stands.note };
    if (["text", "note"].some((part) => mine[part] !== theirs[part] && theirs[part] !== before[part])) {
      outcome.conflicts[id] = { mine, theirs, before, who: stands.who.text || stands.who.note, at: "" };
      return false;
    }
    outcome.kept[id] = mine;
    let changed = false;
    for (const part of ["text", "note"]) {
      if (mine[part] === theirs[part]) continue;
      this.log.push({ id, part, from: theirs[part], author: stands.who[part], by: who, to: mine[part] });
      stands[part] = mine[part];
      stands.who[part] = who;
      this.stored.add(`${id} ${part} ${mine[part]}`);
      changed = true;
    }
    return changed;
  }

  page() {
    return [...this.cells].map(([id, { text, note }]) => [id, { text, note }]);
  }
}

// One person with a browser that may crash: the store survives, the queue does not.
class Person {
  constructor(name, server, chance, deliver) {
    Object.assign(this, { name, server, chance, deliver, online: true, signedIn: true, keys: 0, life: 0 });
    this.store = new Memory();
    this.page = [server.page(), server.version]; // the page as it is kept for a time without a line
    this.wanted = new Map(); // `${id} ${part}` → what this person typed last
    this.givenUp = new Set();
    this.seen = new Set(); // every figure of the server that was on this screen
    this.transport = (batch) => this.carry(batch);
  }

  // The page is gone in the middle of whatever it did: what its store held at that moment is all that is left.
  async crash() {
    this.life += 1;
    const left = new Memory();
    left.kept = structuredClone(this.store.kept);
    this.store = left;
    await this.open();
  }

  async open() {
    if (this.online && this.signedIn) this.page = [structuredClone(this.server.page()), this.server.version];
    const { life } = this;
    const changed = () => life === this.life && this.look();
    this.queue = new Queue({ store: this.store, transport: this.transport, makeKey: () => `${this.name}-${(this.keys += 1)}`, changed });
    await this.queue.open(...structuredClone(this.page));
    this.look();
  }

  // What the screen shows of the server's figures: the base of each cell, and theirs in a conflict.
  look() {
    if (!this.queue) return;
    for (const [id] of this.server.cells) {
      this.see(id, this.queue.base(id));
      const conflict = this.queue.cells.get(id)?.conflict;
      if (conflict) this.see(id, conflict.theirs);
    }
  }

  see(id, figure) {
    for (const part of ["text", "note"]) this.seen.add(`${id} ${part} ${figure[part]}`);
  }

  // The line: it may break before the server hears, after it has answered, or deliver the same batch once more later.
  async carry(batch) {
    const { life } = this;
    const sent = structuredClone(batch);
    await this.deliver.tick();
    if (!this.online || life !== this.life) throw new NoLine();
    if (!this.signedIn) throw new SignedOut();
    if (this.chance(0.1)) throw new NoLine(); // never arrived
    if (this.chance(0.1)) this.deliver.later(() => this.server.send(this.name, sent)); // arrives once more, late
    if (this.chance(0.05)) {
      this.deliver.later(() => this.server.send(this.name, sent)); // arrives only after the browser gave up
      throw new NoLine();
    }
    if (this.chance(0.02)) throw new Blocked("closed for a moment");
    const answer = this.server.send(this.name, sent);
    await this.deliver.tick();
    if (life !== this.life) throw new NoLine(); // nobody is there to hear the answer
    if (this.chance(0.15)) throw new NoLine(); // the answer is lost
    return answer;
  }

  async type(id, part, text) {
    this.wanted.set(`${id} ${part}`, text);
    await this.queue.type(id, { [part]: text });
  }

  async choose(id, how) {
    this.look(); // all three are on the screen
    const { theirs } = this.queue.cells.get(id).conflict;
    if (how === "theirs")
      for (const part of ["text", "note"])
        if (this.queue.mine(id)[part] !== theirs[part]) this.givenUp.add(`${id} ${part} ${this.queue.mine(id)[part]}`);
    await this.queue.choose(id, how);
  }
}

// One play of `steps` acts. Returns what happened; throws, naming the seed, when a figure is lost or overwritten unseen.
export async function play(seed, steps) {
  const roll = dice(seed);
  const ids = ["1", "2", "3", "4"];
  const server = new Server(ids);
  const queueOfMail = [];
  const ticks = []; // what travels: each is let through at some later step
  const deliver = { tick: () => new Promise((go) => ticks.push(go)), later: (job) => queueOfMail.push(job) };
  const people = ["An", "Bình"].map((name) => new Person(name, server, (share) => roll.chance(share), deliver));
  const count = { connects: 0, typed: 0, conflicts: 0, crashes: 0, doubled: 0, seed };
  for (const one of people) await one.open();
  let figure = 0;
  const under = new Set();
  const flush = (one) => {
    const job = one.queue.flush().finally(() => under.delete(job));
    under.add(job);
  };
  const arrive = async () => {
    while (under.size) {
      while (ticks.length) ticks.shift()();
      await Promise.resolve();
    }
  };
  for (let step = 0; step < steps; step += 1) {
    const one = roll.pick(people);
    const id = roll.pick(ids);
    const act = roll.below(100);
    if (act < 34) {
      count.typed += 1;
      figure += 1;
      const bad = roll.chance(0.06);
      const back = roll.chance(0.08); // typed back to what stood there
      if (back) await one.type(id, "text", one.queue.base(id).text);
      else await one.type(id, roll.chance(0.8) || bad ? "text" : "note", bad ? `x${figure}` : String(figure));
    } else if (act < 52) {
      one.online = !one.online;
      count.connects += 1;
      if (one.online) flush(one);
    } else if (act < 72) flush(one);
    else if (act < 80) await arrive();
    else if (act < 86) {
      count.crashes += 1;
      await one.crash();
    } else if (act < 90) one.signedIn = !one.signedIn;
    else if (act < 95 && queueOfMail.length) {
      count.doubled += 1;
      queueOfMail.splice(roll.below(queueOfMail.length), 1)[0]();
    } else for (const stuck of one.queue.conflicts) await one.choose(stuck, roll.pick(["mine", "theirs"])), (count.conflicts += 1);
    while (ticks.length && roll.chance(0.4)) ticks.splice(roll.below(ticks.length), 1)[0]();
    for (let n = roll.below(6); n; n -= 1) await Promise.resolve();
    one.look();
  }
  await arrive();
  deliver.tick = () => Promise.resolve();
  await settle(people, queueOfMail, count, roll);
  check(people, server, count);
  return count;
}

// The line comes back for good, everybody signs in, every conflict is chosen: then nothing may wait.
async function settle(people, queueOfMail, count, roll) {
  while (queueOfMail.length) queueOfMail.shift()();
  for (let round = 0; round < 60; round += 1) {
    for (const one of people) {
      Object.assign(one, { online: true, signedIn: true, chance: () => false });
      await one.queue.flush();
      one.look();
      for (const stuck of one.queue.conflicts) await one.choose(stuck, roll.pick(["mine", "theirs"])), (count.conflicts += 1);
    }
    if (people.every((one) => !one.queue.ready.length && !one.queue.conflicts.length && !one.queue.batch)) return;
  }
  throw new Error(`seed ${count.seed}: something still waits`);
}

function check(people, server, count) {
  for (const one of people)
    for (const [place, text] of one.wanted) {
      const [id, part] = place.split(" ");
      const stored = text === "" || server.stored.has(`${place} ${text}`);
      const waits = one.queue.mine(id)[part] === text; // a bad number stays where it was typed, marked
      if (!stored && !waits && !one.givenUp.has(`${place} ${text}`) && !one.seen.has(`${place} ${text}`))
        throw new Error(`seed ${count.seed}: ${one.name} lost ${place} = ${text}`);
      if (text.startsWith("x") && !waits && !one.givenUp.has(`${place} ${text}`)) throw new Error(`seed ${count.seed}: ${one.name} lost the bad ${text}`);
    }
  const byName = Object.fromEntries(people.map((one) => [one.name, one]));
  for (const { id, part, from, author, by, to } of server.log)
    if (author && author !== by && !byName[by].seen.has(`${id} ${part} ${from}`))
      throw new Error(`seed ${count.seed}: ${by} wrote ${to} over ${from} of ${author} in ${id} ${part}, unseen`);
}

// Play until so many connects and disconnects have happened.
export async function campaign(seed, connects, steps = 120) {
  const total = { plays: 0, connects: 0, typed: 0, conflicts: 0, crashes: 0, doubled: 0 };
  while (total.connects < connects) {
    const one = await play(seed + total.plays, steps);
    total.plays += 1;
    for (const name of ["connects", "typed", "conflicts", "crashes", "doubled"]) total[name] += one[name];
  }
  return total;
}

// How a queue that asks nobody fares in the same plays: the last one to send wins. Shows that the checks can fail.
export async function careless(seed, plays, steps = 120) {
  let caught = 0;
  const one = Server.prototype.one;
  Server.prototype.one = function (who, id, sent, outcome) {
    const stands = this.cells.get(id);
    return one.call(this, who, id, { ...sent, was: stands.text, was_note: stands.note }, outcome);
  };
  for (let n = 0; n < plays; n += 1) await play(seed + n, steps).catch(() => (caught += 1));
  Server.prototype.one = one;
  return caught;
}

// The formula language in the browser: reads the trees the server publishes (core.formula.to_json) and says the same.
//
// Theory, as in core/formula.py: a node is an amount or a truth. An amount is an exact fraction of whole numbers (BigInt,
// never a float) or missing, which is `null` and spreads. A comparison of something missing is unknown (`null`);
// `and`, `or`, `not` are three-valued: false and unknown is false. Division by nought is missing. Nothing is run: a tree
// is data, and a node of an unknown kind is refused. A name stands for the sum of the cells it leaves open, missing as
// soon as one of them is (queries.findings.environment).

// --- Fractions: {n, d} with d > 0 and nothing left to cancel -----------------------------------------------------------

export class BadTree extends Error {}

function divisor(a, b) {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y) [x, y] = [y, x % y];
  return x;
}

export function fraction(n, d = 1n) {
  if (d < 0n) [n, d] = [-n, -d];
  if (d === 1n) return { n, d };
  const shared = divisor(n, d);
  return shared > 1n ? { n: n / shared, d: d / shared } : { n, d };
}

// Decimal text, as numbers stand in published trees: "12.50" is 25/2.
export function decimal(text) {
  const found = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!found) throw new BadTree(`no number: ${text}`);
  const rest = found[2] ?? "";
  return fraction(BigInt(found[1] + rest), 10n ** BigInt(rest.length));
}

const compare = (a, b) => {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

const SUMS = {
  "+": (a, b) => fraction(a.n * b.d + b.n * a.d, a.d * b.d),
  "-": (a, b) => fraction(a.n * b.d - b.n * a.d, a.d * b.d),
  "*": (a, b) => fraction(a.n * b.n, a.d * b.d),
  "/": (a, b) => (b.n === 0n ? null : fraction(a.n * b.d, a.d * b.n)),
};

const COMPARISONS = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

const has = (table, name) => Object.prototype.hasOwnProperty.call(table, name);

// --- Trees -------------------------------------------------------------------------------------------------------------

const isName = (tree) => has(tree, "element");
const isNumber = (tree) => has(tree, "number");

// Whether it says yes or no, rather than how much.
export const isTruth = (tree) => !isName(tree) && !isNumber(tree) && (has(COMPARISONS, tree.op) || ["and", "or", "not"].includes(tree.op));

// The one spelling of a name: element[dimension=member,…], dimensions in order.
export function keyOf(name) {
  const members = Object.entries(name.members).sort(([a], [b]) => (a < b ? -1 : 1));
  return name.element + (members.length ? `[${members.map(([d, m]) => `${d}=${m}`).join(",")}]` : "");
}

// Every name in the tree, in order of appearance.
export function* nameNodes(tree) {
  if (isName(tree)) yield tree;
  else if (has(tree, "of")) yield* nameNodes(tree.of);
  else if (has(tree, "left")) {
    yield* nameNodes(tree.left);
    yield* nameNodes(tree.right);
  }
}

// --- Saying what is true -----------------------------------------------------------------------------------------------

// The value of a tree where names (by key) have these fractions: an amount, a truth, or null.
export const evaluate = (tree, env) => (isTruth(tree) ? truth(tree, env) : amount(tree, env));

export function amount(tree, env) {
  if (isNumber(tree)) return decimal(String(tree.number));
  if (isName(tree)) return env.get(keyOf(tree)) ?? null;
  if (tree.op === "negative") {
    const inner = amount(tree.of, env);
    return inner && fraction(-inner.n, inner.d);
  }
  if (!has(SUMS, tree.op)) throw new BadTree(`a condition is no amount: ${tree.op}`);
  const left = amount(tree.left, env);
  const right = amount(tree.right, env);
  return left && right && SUMS[tree.op](left, right);
}

export function truth(tree, env) {
  if (has(COMPARISONS, tree.op)) {
    const left = amount(tree.left, env);
    const right = amount(tree.right, env);
    return left && right ? COMPARISONS[tree.op](compare(left, right)) : null;
  }
  if (tree.op === "not") {
    const inner = truth(tree.of, env);
    return inner === null ? null : !inner;
  }
  if (tree.op !== "and" && tree.op !== "or") throw new BadTree(`an amount is no condition: ${tree.op}`);
  const decisive = tree.op === "or";
  const left = truth(tree.left, env);
  const right = truth(tree.right, env);
  if (left === decisive || right === decisive) return decisive;
  return left === null || right === null ? null : !decisive;
}

// --- Names over the cells of a sheet -----------------------------------------------------------------------------------
// cells: [{id, element, members, scale}]; values: id → BigInt in the cell's smallest unit, or null.

const meant = (name, cell) =>
  cell.element === name.element && Object.entries(name.members).every(([d, m]) => has(cell.members, d) && cell.members[d] === m);

// What a tree reads, found once: [{key, cells, scale}] for each of its names.
export function bindings(tree, cells) {
  const found = new Map();
  for (const name of nameNodes(tree)) {
    const key = keyOf(name);
    if (found.has(key)) continue;
    const named = cells.filter((cell) => meant(name, cell));
    found.set(key, { key, cells: named.map((cell) => cell.id), scale: BigInt(named[0]?.scale ?? 0) });
  }
  return [...found.values()];
}

// Counts for the names: a name over several cells is their sum, missing when one is missing.
export function environment(bound, values) {
  const env = new Map();
  for (const { key, cells, scale } of bound) {
    let sum = cells.length ? 0n : null;
    for (const cell of cells) {
      const value = values.get(cell) ?? null;
      if (value === null) {
        sum = null;
        break;
      }
      sum += value;
    }
    env.set(key, sum === null ? null : fraction(sum, 10n ** scale));
  }
  return env;
}

// The cells an expression reads, each once, in the order of the sheet.
export function cellsRead(tree, cells) {
  const names = [...nameNodes(tree)];
  return cells.filter((cell) => names.some((name) => meant(name, cell))).map((cell) => cell.id);
}

// One line of a sheet to be worked out again and again while somebody types.
export class Formula {
  constructor(tree, cells) {
    this.tree = tree;
    this.bound = bindings(tree, cells);
    this.reads = cellsRead(tree, cells);
  }

  of(values) {
    return evaluate(this.tree, environment(this.bound, values));
  }
}

// Numbers as people in Viet Nam write them: the same reading and printing as core/numbers.py and actions.entry.parse_cell.
import { fraction } from "./formula.js";

export const MISSING = "—";
const LARGEST = 10n ** 15n;
const EMPTY = ["", MISSING, "-", "–"];
const WRITTEN = /^([-+−–]?)(\d{1,3}(?:[.\s\u00a0\u202f]\d{3})+|\d+)(?:,(\d+))?$/u;

// What was typed into a cell that keeps `scale` decimals: {value: BigInt or null}, or {fault: the name of a refusal}.
export function readCell(text, scale) {
  const cleaned = text.trim();
  if (EMPTY.includes(cleaned)) return { value: null };
  const found = WRITTEN.exec(cleaned);
  if (!found) return { fault: "BadCellNumber" };
  const decimals = (found[3] ?? "").replace(/0+$/, "");
  if (decimals.length > scale) return { fault: scale ? "TooManyDecimals" : "NotWholeNumber" };
  const size = BigInt(found[2].replace(/\D/g, "") + decimals.padEnd(scale, "0"));
  if (size && "-−–".includes(found[1] || " ")) return { fault: "NegativeNumber" };
  return size > LARGEST ? { fault: "NumberTooLarge" } : { value: size };
}

// Half up, away from nought, to so many decimals: the digits as one whole number.
function rounded({ n, d }, places) {
  const scaled = (n < 0n ? -n : n) * 10n ** BigInt(places);
  const whole = scaled / d + ((scaled % d) * 2n >= d ? 1n : 0n);
  return n < 0n ? -whole : whole;
}

// Prints "14.068" or "93,2"; a missing value is an em dash.
export function viNumber(value, places = 0) {
  if (value === null) return MISSING;
  const whole = rounded(value, places);
  const digits = String(whole < 0n ? -whole : whole).padStart(places + 1, "0");
  const cut = digits.length - places;
  const grouped = digits.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, ".");
  return (whole < 0n ? "-" : "") + grouped + (places ? `,${digits.slice(cut)}` : "");
}

// As `viNumber`, without zeros at the end of the decimals.
export function viShort(value, places = 2) {
  const text = viNumber(value, places);
  return text.includes(",") ? text.replace(/0+$/, "").replace(/,$/, "") : text;
}

// The percentage as it is printed: "52,11%".
export const viPercent = (value) => `${viNumber(fraction(value.n * 100n, value.d), 2)}%`;

// The amount of a computed line, as the server prints it; "" when it cannot be had.
export function amountText(value, unit) {
  if (value === null) return "";
  if (unit === "%") return viPercent(value);
  return viNumber(value, value.d === 1n ? 0 : 2);
}

// A stored integer as it is printed.
export const shown = (value, scale) => (value === null ? "" : viNumber(fraction(value, 10n ** BigInt(scale)), scale));

// Numbers as words, as `report/_format.py` rounds them.

export const SMALLEST = 0.001;
export const UNCHANGED = 1e-6;
export const MINUS = "−";
// A figure is rounded to steps of which its range has at least so many, and to two digits.
const STEPS_OF_RANGE = 25;

export function fixed(value, decimals) {
  const [whole, part] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return (value < 0 ? "-" : "") + grouped + (part ? `.${part}` : "");
}

const decimalsOf = (size) => (size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
const fineDecimals = (size) => (size >= SMALLEST ? decimalsOf(size) : 1 - Math.floor(Math.log10(size)));

export function percent(value) {
  const size = Math.abs(value);
  if (size < SMALLEST) return `less than ${SMALLEST} %`;
  return `${fixed(size, decimalsOf(size))} %`;
}

export function finePercent(value) {
  const size = Math.abs(value);
  return size < UNCHANGED ? percent(value) : `${fixed(size, fineDecimals(size))} %`;
}

export function signedPercent(value) {
  const size = Math.abs(value);
  if (size < UNCHANGED) return "0";
  return (value > 0 ? "+" : MINUS) + fixed(size, fineDecimals(size));
}

export function money(million) {
  const size = Math.abs(million);
  if (size < 1) return "less than US$ 1 million";
  if (size < 999.5) return `US$ ${size.toFixed(size < 10 ? 1 : 0)} million`;
  const billion = size / 1000;
  return `US$ ${fixed(billion, billion < 10 ? 2 : billion < 100 ? 1 : 0)} billion`;
}

export function moneyPair(before, after) {
  const inBillions = Math.max(Math.abs(before), Math.abs(after)) >= 1000;
  const [unit, name] = inBillions ? [1000, "billion"] : [1, "million"];
  const moved = Math.abs(after - before) / unit;
  const wanted = moved > 0 ? 2 - Math.floor(Math.log10(moved)) : 0;
  const decimals = inBillions ? Math.min(Math.max(wanted, 0), moved >= 0.1 ? 2 : 3) : 0;
  return [before, after].map((amount) => `US$ ${fixed(Math.abs(amount) / unit, decimals)} ${name}`);
}

/** Decimals of a value that its range allows, negative for tens; one digit at the least. */
function decimalsOfRange(value, low, high) {
  const width = high - low;
  const allowed = width > 0 ? Math.floor(Math.log10(width / STEPS_OF_RANGE)) : -Infinity;
  const first = value ? Math.floor(Math.log10(Math.abs(value))) : 0;
  return -Math.max(Math.min(allowed, first), first - 1);
}

/** The size of a percentage to the digits that a range allows, without the unit. */
export function endOfRange(value, low, high) {
  const size = Math.abs(value);
  if (size < UNCHANGED) return "0";
  return toDecimals(size, Math.min(decimalsOfRange(value, low, high), fineDecimals(size)));
}

/** A size rounded to so many decimals; to tens and hundreds where they are negative. */
function toDecimals(size, decimals) {
  if (decimals >= 0) return fixed(size, decimals);
  const unit = 10 ** -decimals;
  return fixed(Math.round(size / unit) * unit, 0);
}

export const aboutPercent = (value, low, high) => `about ${endOfRange(value, low, high)} %`;

/** The size of an amount to the digits that its range allows. */
export function aboutMoney(million, low, high) {
  if (Math.abs(million) < 1) return money(million);
  const decimals = decimalsOfRange(million, low, high);
  const size = Number(toDecimals(Math.abs(million), decimals).replaceAll(",", ""));
  if (size < 1000) return `US$ ${fixed(size, Math.max(decimals, 0))} million`;
  return `US$ ${fixed(size / 1000, Math.max(decimals + 3, 0))} billion`;
}

/** Two ends of a range in percent, without the unit: sizes, or with signs where they differ. */
export function betweenEnds(low, high) {
  const ends = [low, high].map((end) => endOfRange(end, low, high));
  if (low < 0 && high > 0) return `between ${MINUS}${ends[0]} and +${ends[1]}`;
  if (low < 0) ends.reverse();
  return `between ${ends[0]} and ${ends[1]}`;
}

export const listing = (items) =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

export const possessive = (name) => (name.endsWith("s") ? `${name}'` : `${name}'s`);

export const sentence = (text) => `${text.slice(0, 1).toUpperCase()}${text.slice(1).replace(/\.+$/, "")}.`;

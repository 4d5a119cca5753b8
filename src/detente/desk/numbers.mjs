// Numbers as words, as `report/_format.py` rounds them.

export const SMALLEST = 0.001;
export const UNCHANGED = 1e-6;
export const MINUS = "−";
// As many digits as a number has: nothing of it is imputed, or too little to be told.
export const ALL_DIGITS = 15;
// A figure is rounded to steps of which its range has at least so many, and to two digits.
const STEPS_OF_RANGE = 25;

/** The digits of a figure of which that part is imputed; `digits_borne` in Python. */
export const digitsBorne = (imputed) => (imputed > 0.5 ? 1 : imputed > 0.1 ? 2 : ALL_DIGITS);

/** The decimals with which a size has that many digits, negative for tens. */
function decimalsBorne(size, digits) {
  if (!size) return ALL_DIGITS;
  const decimals = digits - 1 - Math.floor(Math.log10(size));
  // What is rounded up to the next power of ten has one digit more.
  return decimals - (Number(size.toPrecision(digits)) >= Number(`1e${digits - decimals}`) ? 1 : 0);
}

/** With so many decimals; to tens and hundreds where they are negative. */
export function fixed(value, decimals) {
  const size = decimals < 0 ? Number(`${Math.round(Number(`${Math.abs(value)}e${decimals}`))}e${-decimals}`) : Math.abs(value);
  const [whole, part] = size.toFixed(Math.max(decimals, 0)).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return (value < 0 ? "-" : "") + grouped + (part ? `.${part}` : "");
}

const decimalsOf = (size) => (size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
const fineDecimals = (size) => (size >= SMALLEST ? decimalsOf(size) : 1 - Math.floor(Math.log10(size)));

const atMost = (size, decimals, digits) => fixed(size, Math.min(decimals, decimalsBorne(size, digits)));

export function percent(value, digits = ALL_DIGITS) {
  const size = Math.abs(value);
  if (size < SMALLEST) return `less than ${SMALLEST} %`;
  return `${atMost(size, decimalsOf(size), digits)} %`;
}

export function finePercent(value, digits = ALL_DIGITS) {
  const size = Math.abs(value);
  return size < UNCHANGED ? percent(value) : `${atMost(size, fineDecimals(size), digits)} %`;
}

export function signedPercent(value, digits = ALL_DIGITS) {
  const size = Math.abs(value);
  if (size < UNCHANGED) return "0";
  return (value > 0 ? "+" : MINUS) + atMost(size, fineDecimals(size), digits);
}

export function money(million, digits = ALL_DIGITS) {
  if (Math.abs(million) < 1) return "less than US$ 1 million";
  const size = Number(Math.abs(million).toPrecision(digits));
  if (size < 999.5) return `US$ ${atMost(size, size < 10 ? 1 : 0, digits)} million`;
  const billion = size / 1000;
  return `US$ ${atMost(billion, billion < 10 ? 2 : billion < 100 ? 1 : 0, digits)} billion`;
}

export function moneyPair(before, after, levels = ALL_DIGITS, change = ALL_DIGITS) {
  const inBillions = Math.max(Math.abs(before), Math.abs(after)) >= 1000;
  const [unit, name] = inBillions ? [1000, "billion"] : [1, "million"];
  const moved = Math.abs(after - before) / unit;
  const wanted = moved > 0 ? 2 - Math.floor(Math.log10(moved)) : 0;
  const seen = inBillions ? Math.min(Math.max(wanted, 0), moved >= 0.1 ? 2 : 3) : 0;
  const sizes = [before, after].map((amount) => Math.abs(amount) / unit);
  const decimals = Math.min(seen, decimalsBorne(moved, change), decimalsBorne(Math.max(...sizes), levels));
  return sizes.map((size) => `US$ ${fixed(size, decimals)} ${name}`);
}

/** Decimals of a value that its range allows, negative for tens; one digit at the least. */
function decimalsOfRange(value, low, high) {
  const width = high - low;
  const allowed = width > 0 ? Math.floor(Math.log10(width / STEPS_OF_RANGE)) : -Infinity;
  const first = value ? Math.floor(Math.log10(Math.abs(value))) : 0;
  return -Math.max(Math.min(allowed, first), first - 1);
}

/** The size of a percentage to the digits that a range allows and it bears, without the unit. */
export function endOfRange(value, low, high, digits = ALL_DIGITS) {
  const size = Math.abs(value);
  if (size < UNCHANGED) return "0";
  return atMost(size, Math.min(decimalsOfRange(value, low, high), fineDecimals(size)), digits);
}

/** Whether a value and both ends of its range are one figure in the digits that they bear. */
export const isOneFigure = (value, low, high, digits) =>
  low * high > 0 && new Set([value, low, high].map((one) => endOfRange(one, low, high, digits))).size === 1;

export const aboutPercent = (value, low, high, digits = ALL_DIGITS) =>
  `about ${endOfRange(value, low, high, digits)} %`;

/** The size of an amount to the digits that its range allows and it bears. */
export function aboutMoney(million, low, high, digits = ALL_DIGITS) {
  const exact = Math.abs(million);
  if (exact < 1) return money(million);
  const decimals = Math.min(decimalsOfRange(million, low, high), decimalsBorne(exact, digits));
  const size = Number(fixed(exact, decimals).replaceAll(",", ""));
  if (size < 1000) return `US$ ${fixed(size, Math.max(decimals, 0))} million`;
  return `US$ ${fixed(size / 1000, Math.max(decimals + 3, 0))} billion`;
}

/** Two ends of a range in percent, without the unit: sizes, or with signs where they differ. */
export function betweenEnds(low, high, digits = ALL_DIGITS) {
  const ends = [low, high].map((end) => endOfRange(end, low, high, digits));
  if (low < 0 && high > 0) return `between ${MINUS}${ends[0]} and +${ends[1]}`;
  if (low < 0) ends.reverse();
  return `between ${ends[0]} and ${ends[1]}`;
}

export const listing = (items) =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

export const possessive = (name) => (name.endsWith("s") ? `${name}'` : `${name}'s`);

export const sentence = (text) => `${text.slice(0, 1).toUpperCase()}${text.slice(1).replace(/\.+$/, "")}.`;

// Anderson acceleration of a fixed-point map, Walker and Ni (2011), in difference form with the
// least-squares problem in scaled normal equations. The twin of `equilibrium/_anderson.py`.

const MEMORY = 10;
// Of a history that is kept from one map to the next: as many steps as most maps take.
export const LONG_MEMORY = 40;
// Relative size below which a direction of the history is noise and is left out.
const CUTOFF = 1e-13;

/**
 * Iterate `map(point, mapped) -> residual` until the residual is at most `tolerance`.
 *
 * `map` writes where the point goes into `mapped` and returns how far the point is from a solution.
 * `history`, that of a map nearby, saves steps: it says how changes answer to points. Returns the
 * last point, the residual of the last that was tried, which is that point where it is within the
 * tolerance, the number of steps, and the history.
 */
export function fixedPoint(map, start, tolerance, maxSteps, history = null) {
  const size = start.length;
  const point = Float64Array.from(start);
  const mapped = new Float64Array(size);
  const past = history ?? emptyHistory(size);
  let residual = Infinity;
  let steps = 0;
  while (steps < maxSteps) {
    residual = map(point, mapped);
    remember(past, point, mapped, steps > 0);
    steps += 1;
    if (residual <= tolerance || !Number.isFinite(residual)) break;
    const weights = leastSquares(past);
    const { points, changes, memory } = past;
    for (let m = 0; m < memory; m++) {
      const weight = weights[m];
      if (weight === 0) continue;
      const was = points[m];
      const moved = changes[m];
      for (let i = 0; i < size; i++) mapped[i] -= weight * (was[i] + moved[i]);
    }
    point.set(mapped);
  }
  return { point, residual, steps, history: past };
}

/** What a search remembers of maps of so many numbers: nothing yet. */
export function emptyHistory(size, memory = MEMORY) {
  const many = () => Array.from({ length: memory }, () => new Float64Array(size));
  return {
    point: new Float64Array(size), change: new Float64Array(size), points: many(), changes: many(),
    products: new Float64Array(memory * memory), along: new Float64Array(memory), memory, next: 0,
  };
}

/** Put the newest differences, where there is a point before, in place of the oldest ones. */
function remember(past, point, mapped, follows) {
  const { change, points, changes, products, along, memory } = past;
  const size = point.length;
  const slot = past.next;
  const [was, moved] = [points[slot], changes[slot]];
  for (let i = 0; i < size; i++) {
    const now = mapped[i] - point[i];
    if (follows) {
      was[i] = point[i] - past.point[i];
      moved[i] = now - change[i];
    }
    change[i] = now;
  }
  past.point.set(point);
  for (let m = 0; m < memory; m++) {
    if (follows) products[slot * memory + m] = products[m * memory + slot] = dot(changes[m], moved);
    along[m] = dot(changes[m], change);
  }
  if (follows) past.next = (slot + 1) % memory;
}

// In four parts, since each sum waits for the one before it.
function dot(one, other) {
  const size = one.length;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < size; i += 4) {
    a += one[i] * other[i];
    b += one[i + 1] * other[i + 1];
    c += one[i + 2] * other[i + 2];
    d += one[i + 3] * other[i + 3];
  }
  for (; i < size; i++) a += one[i] * other[i];
  return a + b + (c + d);
}

/** The weights that would cancel the change if the map were linear over the history. */
function leastSquares({ products, along, memory }) {
  const scale = new Float64Array(memory);
  const scaled = new Float64Array(memory * memory);
  for (let m = 0; m < memory; m++) {
    const length = Math.sqrt(products[m * memory + m]);
    scale[m] = length > 0 ? 1 / length : 0;
  }
  for (let m = 0, at = 0; m < memory; m++)
    for (let k = 0; k < memory; k++, at++) scaled[at] = scale[m] * products[at] * scale[k];
  const { factor, order, rank } = pivoted(scaled, memory);
  const weights = new Float64Array(memory);
  const solved = new Float64Array(rank);
  for (let k = 0; k < rank; k++) {
    const row = order[k] * memory;
    let left = scale[order[k]] * along[order[k]];
    for (let j = 0; j < k; j++) left -= factor[row + j] * solved[j];
    solved[k] = left / factor[row + k];
  }
  for (let k = rank - 1; k >= 0; k--) {
    let left = solved[k];
    for (let j = k + 1; j < rank; j++) left -= factor[order[j] * memory + k] * weights[order[j]];
    weights[order[k]] = left / factor[order[k] * memory + k];
  }
  for (let m = 0; m < memory; m++) weights[m] *= scale[m];
  return weights;
}

/**
 * Cholesky factor of a symmetric matrix whose diagonal is ones and zeros, the largest pivot first,
 * as far as pivots are more than noise: row `order[k]` of `factor` has k + 1 numbers.
 */
export function pivoted(matrix, size) {
  const factor = new Float64Array(size * size);
  const left = new Float64Array(size);
  const order = new Int32Array(size);
  const isTaken = new Uint8Array(size);
  for (let i = 0; i < size; i++) left[i] = matrix[i * size + i];
  let rank = 0;
  for (; rank < size; rank++) {
    let best = -1;
    for (let i = 0; i < size; i++) if (!isTaken[i] && (best < 0 || left[i] > left[best])) best = i;
    if (!(left[best] > CUTOFF)) break;
    const root = Math.sqrt(left[best]);
    factor[best * size + rank] = root;
    isTaken[best] = 1;
    order[rank] = best;
    for (let i = 0; i < size; i++) {
      if (isTaken[i]) continue;
      let value = matrix[i * size + best];
      for (let j = 0; j < rank; j++) value -= factor[i * size + j] * factor[best * size + j];
      value /= root;
      factor[i * size + rank] = value;
      left[i] -= value * value;
    }
  }
  return { factor, order, rank };
}

// Anderson acceleration of a fixed-point map, Walker and Ni (2011), in difference form with the
// least-squares problem in scaled normal equations. The twin of `equilibrium/_anderson.py`.

const MEMORY = 10;
// Relative size below which a direction of the history is noise and is left out.
const CUTOFF = 1e-13;

/**
 * Iterate `map(point, mapped) -> residual` until the residual is at most `tolerance`.
 *
 * `map` writes where the point goes into `mapped` and returns how far the point is from a solution.
 * Returns the last point, the residual of the last that was tried, which is that point where it is
 * within the tolerance, and the number of steps.
 */
export function fixedPoint(map, start, tolerance, maxSteps) {
  const size = start.length;
  const point = Float64Array.from(start);
  const mapped = new Float64Array(size);
  const change = new Float64Array(size);
  const last = { point: new Float64Array(size), change: new Float64Array(size) };
  const points = emptyHistory(size);
  const changes = emptyHistory(size);
  const products = new Float64Array(MEMORY * MEMORY);
  const along = new Float64Array(MEMORY);
  let residual = Infinity;
  let steps = 0;
  while (steps < maxSteps) {
    residual = map(point, mapped);
    for (let i = 0; i < size; i++) change[i] = mapped[i] - point[i];
    remember(steps, point, change, last, points, changes, products, along);
    steps += 1;
    if (residual <= tolerance || !Number.isFinite(residual)) break;
    const weights = leastSquares(products, along);
    for (let i = 0; i < size; i++) mapped[i] = point[i] + change[i];
    for (let m = 0; m < MEMORY; m++) {
      const weight = weights[m];
      if (weight === 0) continue;
      const [was, moved] = [points[m], changes[m]];
      for (let i = 0; i < size; i++) mapped[i] -= weight * (was[i] + moved[i]);
    }
    point.set(mapped);
  }
  return { point, residual, steps };
}

const emptyHistory = (size) => Array.from({ length: MEMORY }, () => new Float64Array(size));

/** Put the newest differences in place of the oldest ones. */
function remember(count, point, change, last, points, changes, products, along) {
  const size = point.length;
  const slot = (count + MEMORY - 1) % MEMORY;
  const [was, moved] = [points[slot], changes[slot]];
  for (let i = 0; i < size; i++) {
    was[i] = count > 0 ? point[i] - last.point[i] : 0;
    moved[i] = count > 0 ? change[i] - last.change[i] : 0;
  }
  for (let m = 0; m < MEMORY; m++) {
    let [product, with_change] = [0, 0];
    const other = changes[m];
    for (let i = 0; i < size; i++) {
      product += other[i] * moved[i];
      with_change += other[i] * change[i];
    }
    products[slot * MEMORY + m] = products[m * MEMORY + slot] = product;
    along[m] = with_change;
  }
  last.point.set(point);
  last.change.set(change);
}

/** The weights that would cancel the change if the map were linear over the history. */
function leastSquares(products, along) {
  const scale = new Float64Array(MEMORY);
  for (let m = 0; m < MEMORY; m++) {
    const length = Math.sqrt(products[m * MEMORY + m]);
    scale[m] = length > 0 ? 1 / length : 0;
  }
  const scaled = products.map(
    (value, at) => scale[Math.floor(at / MEMORY)] * value * scale[at % MEMORY]);
  const { values, vectors } = symmetricEigen(scaled, MEMORY);
  const largest = Math.max(...values);
  const weights = new Float64Array(MEMORY);
  for (let e = 0; e < MEMORY; e++) {
    if (!(values[e] > CUTOFF * largest)) continue;
    let projection = 0;
    for (let m = 0; m < MEMORY; m++)
      projection += vectors[m * MEMORY + e] * scale[m] * along[m];
    for (let m = 0; m < MEMORY; m++)
      weights[m] += (vectors[m * MEMORY + e] * projection) / values[e];
  }
  return weights.map((weight, m) => weight * scale[m]);
}

/** Eigenvalues and vectors (in columns) of a small symmetric matrix, by Jacobi rotations. */
export function symmetricEigen(matrix, size) {
  const a = Float64Array.from(matrix);
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  for (let sweep = 0; sweep < 50; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) off += a[p * size + q] ** 2;
    if (!(off > 1e-40)) break;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) rotate(a, vectors, size, p, q);
  }
  return { values: Float64Array.from({ length: size }, (_, i) => a[i * size + i]), vectors };
}

function rotate(a, vectors, size, p, q) {
  const apq = a[p * size + q];
  if (apq === 0) return;
  const ratio = (a[q * size + q] - a[p * size + p]) / (2 * apq);
  const t = Math.sign(ratio || 1) / (Math.abs(ratio) + Math.hypot(1, ratio));
  const c = 1 / Math.hypot(1, t);
  const s = t * c;
  for (let k = 0; k < size; k++) {
    const [x, y] = [a[k * size + p], a[k * size + q]];
    a[k * size + p] = c * x - s * y;
    a[k * size + q] = s * x + c * y;
  }
  for (let k = 0; k < size; k++) {
    const [x, y] = [a[p * size + k], a[q * size + k]];
    a[p * size + k] = c * x - s * y;
    a[q * size + k] = s * x + c * y;
    const [u, v] = [vectors[k * size + p], vectors[k * size + q]];
    vectors[k * size + p] = c * u - s * v;
    vectors[k * size + q] = s * u + c * v;
  }
}

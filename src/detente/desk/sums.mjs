// Sums over flows, and the arrays that they are written into: most of what a step of the solver does.

/**
 * An array of that name which every step of a problem writes anew: making one is slower than a sum
 * over it. What a step returns holds until the next step of the same problem.
 */
export function room(problem, name, size) {
  const { rooms } = problem;
  if (!(rooms[name]?.length >= size)) rooms[name] = new Float64Array(size);
  return rooms[name];
}

/** Foreign part of the sum over origins, by group: "g d s". */
export function byDestination(name, flows, weight, problem, G = problem.G) {
  const { N, S, groupOf } = problem;
  const sums = room(problem, name, G * N * S);
  const { abroad } = flows;
  // By sector first, as the flows are: sums that lie side by side.
  const part = room(problem, "byDestination", G * N);
  for (let s = 0; s < S; s++) {
    part.fill(0);
    for (let o = 0, kernel = s * N * N; o < N; o++, kernel += N) {
      const by = weight[o * S + s];
      const into = G > 1 ? groupOf[o * S + s] * N : 0;
      for (let d = 0; d < N; d++) part[into + d] += abroad[kernel + d] * by;
    }
    for (let gd = 0; gd < G * N; gd++) sums[gd * S + s] = part[gd];
  }
  return sums;
}

/** Foreign part of the sum over destinations: "o s", each origin to what its own group is paid. */
export function byOrigin(name, flows, weight, problem, G = problem.G) {
  const { N, S, groupOf } = problem;
  const sums = room(problem, name, N * S);
  const { abroad } = flows;
  const part = room(problem, "byOrigin", G * N);
  for (let s = 0; s < S; s++) {
    for (let gd = 0; gd < G * N; gd++) part[gd] = weight[gd * S + s];
    for (let o = 0, kernel = s * N * N; o < N; o++, kernel += N)
      sums[o * S + s] = product(abroad, kernel, part, G > 1 ? groupOf[o * S + s] * N : 0, N);
  }
  return sums;
}

/** Sum of products of two stretches; in two parts, since each sum waits for the one before it. */
export function product(one, from, other, start, length) {
  let even = 0;
  let odd = 0;
  let i = 0;
  for (; i + 1 < length; i += 2) {
    even += one[from + i] * other[start + i];
    odd += one[from + i + 1] * other[start + i + 1];
  }
  return i < length ? even + odd + one[from + i] * other[start + i] : even + odd;
}

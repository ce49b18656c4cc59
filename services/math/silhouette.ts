/**
 * How much closer each point is to its own group than to the next one: (b − a)/max(a, b), where a is the mean distance to
 * the others of its group and b the least mean distance to another group (Rousseeuw 1987, Journal of Computational and
 * Applied Mathematics 20). Between −1 and 1; 0 for a point alone in its group, and for points that coincide with all.
 *
 * Empty for fewer than two groups. Distances are Euclidean; n²·width of work. Points must be of one length, with
 * coordinates of at most 1e150 in size; without a label or with others, the answer is empty.
 * @example
 * ```ts
 * silhouettes([[0], [1], [10], [11]], [0, 0, 1, 1])[0]; // 0.9047619
 * ```
 */
export function silhouettes(points: readonly (readonly number[])[], labels: readonly number[]): number[] {
  const groups = [...new Set(labels)];
  const width = points[0]?.length ?? 0;
  const usable = points.every((point) => point.length === width && point.every((x) => Math.abs(x) <= 1e150));
  if (groups.length < 2 || labels.length !== points.length || !usable) return [];
  const places = labels.map((label) => groups.indexOf(label));
  const sizes = groups.map((_, place) => places.filter((own) => own === place).length);
  const sums = distancesToGroups(Float64Array.from(points.flat()), places, groups.length, width);
  return places.map((own, i) => {
    const size = sizes[own] ?? 0;
    if (size === 1) return 0;
    const to = (place: number) => sums[i * groups.length + place] ?? 0;
    const a = to(own) / (size - 1);
    const b = Math.min(...sizes.map((other, place) => place === own ? Infinity : to(place) / other));
    const larger = Math.max(a, b);
    return larger === 0 ? 0 : (b - a) / larger;
  });
}

/** For each point and each group the sum of the distances. */
function distancesToGroups(cells: Float64Array, places: readonly number[], count: number, width: number): Float64Array {
  const n = places.length;
  const sums = new Float64Array(n * count);
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      let total = 0;
      for (let x = 0; x < width; x++) {
        const apart = (cells[i * width + x] ?? 0) - (cells[j * width + x] ?? 0);
        total += apart * apart;
      }
      const distance = Math.sqrt(total);
      const [at, back] = [i * count + (places[j] ?? 0), j * count + (places[i] ?? 0)];
      sums[at] = (sums[at] ?? 0) + distance;
      sums[back] = (sums[back] ?? 0) + distance;
    }
  }
  return sums;
}

/** @returns the value in the middle; of an even number of values, the mean of the two. @throws for none. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  const lower = sorted[Math.ceil(middle) - 1];
  if (upper === undefined || lower === undefined) throw new Error('the median of nothing');
  return (upper + lower) / 2;
};

/** @returns the smallest value that `share` (0 to 1) of the values do not exceed. @throws for no values. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('a percentile of nothing');
  return value;
};

export type Point = { readonly size: number; readonly time: number };

/**
 * The exponent of growth: the slope of the least-squares line through the logarithms. 0 means that time does not depend
 * on size, 1 that it grows in proportion. @throws for fewer than two sizes.
 */
export const logLogSlope = (points: readonly Point[]): number => {
  const logs = points.map(({ size, time }) => ({ x: Math.log(size), y: Math.log(time) }));
  const meanOf = (pick: (log: { x: number; y: number }) => number): number =>
    logs.reduce((sum, log) => sum + pick(log), 0) / logs.length;
  const meanX = meanOf(({ x }) => x);
  const meanY = meanOf(({ y }) => y);
  const spread = logs.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  if (!(spread > 0)) throw new Error('a slope needs two sizes');
  return logs.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
};

/** @returns what DynamoDB charges for an item of so many bytes in a transaction: two units for each begun kilobyte. */
export const transactionalWriteUnits = (bytes: number): number => 2 * Math.max(1, Math.ceil(bytes / 1024));

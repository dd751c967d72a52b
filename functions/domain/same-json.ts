const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Whether two values say the same as JSON: the order of names does not count, and undefined is absent. */
export const sameJson = (a: unknown, b: unknown): boolean => {
  if (!isMap(a) || !isMap(b)) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => sameJson(a[name], b[name]));
};

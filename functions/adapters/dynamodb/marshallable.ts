/**
 * A value as the SDK's marshaller can take it. It asks `value.constructor` what an object is, so one that has a member of that
 * name is handed over as a Map, which is stored as the same map. What needs no change is the same value again.
 */
export const marshallable = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(marshallable);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const before = Object.entries(value);
  const after = before.map(([name, member]) => [name, marshallable(member)] as const);
  if (Object.hasOwn(value, 'constructor')) return new Map(after);
  return after.some(([, member], index) => member !== before[index]?.[1]) ? Object.fromEntries(after) : value;
};

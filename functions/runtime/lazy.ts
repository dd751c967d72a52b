/** Makes a costly thing once, when it is first needed. A failure is forgotten, so that one bad start does not poison the rest. */
export const lazy = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

const REFUSED: ReadonlySet<string> = new Set([
  'test session',
  'new session',
  'untitled',
  'coding task',
  'development session',
]);

/** Whether a title says nothing about the work, so that a list of such titles would be useless. */
export const isMeaninglessTitle = (title: string): boolean => REFUSED.has(title.trim().toLowerCase());

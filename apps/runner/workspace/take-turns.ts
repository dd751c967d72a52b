/** Runs actions of one key one after the other, those of different keys at the same time. */
export function takeTurns(): <T>(key: string, action: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, action) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(action, action);
    const settled = turn.catch(() => undefined);
    last.set(key, settled);
    return turn;
  };
}

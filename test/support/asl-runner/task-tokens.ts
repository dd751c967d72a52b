import type { StateError } from './state-error.ts';

export type Answer = { readonly value: unknown } | { readonly error: StateError };

/** The tokens of the tasks that wait, of at least some length. A token that was used, or whose task is over, is not taken any more. */
export const taskTokens = (length = 0) => {
  const open = new Map<string, { readonly answer: (answer: Answer) => void; readonly beat: () => void }>();
  let made = 0;
  return {
    /** A new token of a state; its answer comes once. */
    issue: (state: string, beat: () => void) => {
      const token = `${state} #${++made}`.padEnd(length, '.');
      const answered = new Promise<Answer>((resolve) => open.set(token, { answer: resolve, beat }));
      return { token, answered, close: () => open.delete(token) };
    },
    /** Whether the token was taken. */
    answer: (token: string, answer: Answer): boolean => {
      const task = open.get(token);
      open.delete(token);
      task?.answer(answer);
      return task !== undefined;
    },
    beat: (token: string): boolean => {
      open.get(token)?.beat();
      return open.has(token);
    },
  };
};

export type TaskTokensInMemory = ReturnType<typeof taskTokens>;

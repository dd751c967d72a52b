/** What others answered in a look: one that has to be repeated because somebody else moved first does not ask again. */
export type Told = Map<string, Promise<unknown>>;

/** The answer to a question of this name, asked for once; also that there was none. */
export const toldOnce = <T>(told: Told, question: string, ask: () => Promise<T>): Promise<T> => {
  const known = told.get(question) as Promise<T> | undefined;
  if (known !== undefined) return known;
  const answer = ask();
  told.set(question, answer);
  return answer;
};

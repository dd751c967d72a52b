/** Something only the user can cure. Its message is one sentence that names the remedy; it is shown without a stack. */
export class Problem extends Error {
  name = 'Problem';
}

/** Shows why a command ended early: a problem as its sentence, anything else with its stack. */
export function showFailure(error) {
  const text = error instanceof Problem ? error.message : (error?.stack ?? String(error));
  process.stderr.write(`\n${text}\n`);
}

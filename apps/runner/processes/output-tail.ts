/** The end of a process's output. */
export interface OutputTail {
  add(chunk: Buffer): void;
  /** At most `characters` of it, without terminal colors. */
  text(characters: number): string;
}

const keptBytes = 64 * 1024;

/** Keeps the last 64 KB of what it is given, so that endless output costs no memory. */
export function outputTail(): OutputTail {
  let kept = Buffer.alloc(0);
  return {
    add(chunk) {
      kept = Buffer.concat([kept, chunk]);
      if (kept.length > 2 * keptBytes) kept = kept.subarray(-keptBytes);
    },
    text: (characters) => lastCharacters(kept.toString('utf8').replace(terminalCodes, ''), characters),
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what terminals are told with
const terminalCodes = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** Never cuts a surrogate pair in two. */
function lastCharacters(text: string, characters: number): string {
  const cut = text.slice(-characters);
  return /^[\udc00-\udfff]/.test(cut) ? cut.slice(1) : cut;
}

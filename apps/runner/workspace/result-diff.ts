import { type FileChange, parseChanges } from './file-changes.ts';
import { git } from './git.ts';

/** What changed between two commits. */
export interface ResultDiff {
  readonly files: readonly FileChange[];
  /** A unified diff of at most the wanted size. Binary files appear with name and sizes only. */
  readonly text: string;
  /** Some files' hunks are missing in `text`, each with a mark in its place. */
  readonly isCut: boolean;
}

const options = [
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--find-renames',
  '--src-prefix=a/',
  '--dst-prefix=b/',
];

// a diff of this size is cut anyway; of what lies beyond, only names and counts are told
const longestReadBytes = 8 * 1024 * 1024;

/** The diff `from`..`to` with at most `maxBytes` of text. */
export async function diffBetween(gitDir: string, from: string, to: string, maxBytes: number): Promise<ResultDiff> {
  const call = { cwd: gitDir };
  const files = parseChanges(
    await git(['diff', '--raw', '--abbrev=40', '-z', ...options, from, to], call),
    await git(['diff', '--numstat', '-z', ...options, from, to], call),
    await sizesOf(gitDir, from, to),
  );
  const text = await git(['diff', '--patch', ...options, from, to], { ...call, maxBytes: longestReadBytes });
  return fitted(files, sectionsOf(text, Buffer.byteLength(text) >= longestReadBytes), maxBytes);
}

/** The sizes of all blobs that changed, by id. */
async function sizesOf(gitDir: string, from: string, to: string): Promise<Map<string, number>> {
  const raw = await git(['diff', '--raw', '--abbrev=40', '-z', ...options, from, to], { cwd: gitDir });
  const blobs = [...raw.matchAll(/:\d{6} \d{6} ([0-9a-f]{40}) ([0-9a-f]{40}) /g)].flatMap(([, before, after]) => [
    before,
    after,
  ]);
  const listed = await git(['cat-file', '--batch-check=%(objectname) %(objectsize)'], {
    cwd: gitDir,
    input: `${[...new Set(blobs)].join('\n')}\n`,
  });
  return new Map([...listed.matchAll(/^([0-9a-f]{40}) (\d+)$/gm)].map(([, blob = '', size]) => [blob, Number(size)]));
}

/** One piece of diff text per file, in git's order. A line of a file never begins a line of the diff, so the heads are unmistakable. */
function sectionsOf(text: string, isIncomplete: boolean): string[] {
  const sections = text.split(/^(?=diff --git )/m).filter((section) => section !== '');
  return isIncomplete ? sections.slice(0, -1) : sections;
}

function fitted(files: readonly FileChange[], sections: readonly string[], maxBytes: number): ResultDiff {
  let text = '';
  let isCut = false;
  let left = maxBytes - 100; // room for the last mark
  for (const [index, file] of files.entries()) {
    const whole = sections[index] === undefined ? undefined : withSizes(sections[index], file);
    const isWhole = whole !== undefined && Buffer.byteLength(whole) <= left;
    const piece = isWhole ? whole : withoutHunks(whole, file);
    isCut ||= !isWhole;
    if (Buffer.byteLength(piece) > left) {
      const mark = `[${files.length - index} more files left out: the diff is too large]\n`;
      return { files, text: text + mark, isCut: true };
    }
    text += piece;
    left -= Buffer.byteLength(piece);
  }
  return { files, text, isCut };
}

const withSizes = (section: string, { sizeBefore, sizeAfter, binary }: FileChange): string =>
  binary
    ? section.replace(/^(Binary files .* and .*) differ$/m, `$1 differ (${sizeBefore} -> ${sizeAfter} bytes)`)
    : section;

function withoutHunks(section: string | undefined, { path, additions, deletions }: FileChange): string {
  const head = section === undefined ? `diff --git a/${path} b/${path}\n` : section.split(/^@@ /m)[0];
  return `${head}[hunks left out: ${additions} additions, ${deletions} deletions]\n`;
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CURATION_LIMITS } from '#application/curate-slice';
import { rounded } from '#bench/median';
import { beyondLimits, type Section } from '#bench/section';
import { measure } from './curation.ts';

const MOST = CURATION_LIMITS.sessions;
const OUTLINE = path.join(import.meta.dirname, '../../test/lib/stacks/outlines/workflow.txt');
/** Of the memory of a function, as the runtime of Lambda divides it. */
const HEAP_SHARE = 0.9;

/** What the function that builds datasets has, by the template that is checked in. */
const functionLimits = (): { readonly memoryMib: number; readonly seconds: number } => {
  const found = /^Lambda::Function \w*curationstep.*MemorySize:(\d+),Timeout:(\d+)/m.exec(
    readFileSync(OUTLINE, 'utf8'),
  );
  if (found === null) throw new Error('the template has no function that builds datasets');
  return { memoryMib: Number(found[1]), seconds: Number(found[2]) };
};

/** Whether the largest dataset that the product builds fits into its function. */
export const largestDataset: Section = {
  id: 'largest-dataset',
  title: 'The largest dataset, and its function',
  comparedTo: [
    `A dataset looks at ${MOST} sessions at most. It is built as above, with the heap that its function gives to Node, and compared to what the`,
    'function has by its template. Object storage and the table are not in these seconds: a slice of reading ends itself after 600 s, whatever',
    'is left for the next one.',
  ].join(' '),
  repeat: 'npm run bench -- largest-dataset',
  isLong: false,
  async measure() {
    const { memoryMib, seconds } = functionLimits();
    const megabytes = (memoryMib * 1024 * 1024) / 1e6;
    const most = measure(MOST, `--max-old-space-size=${Math.floor(HEAP_SHARE * memoryMib)}`);
    const figures = [
      { name: 'most memory while reading (MB)', value: most.readMegabytes, limit: megabytes },
      { name: 'most memory at the end (MB)', value: most.writeMegabytes, limit: megabytes },
      { name: 'seconds of reading', value: most.readSeconds, limit: seconds },
      { name: 'seconds of writing', value: most.writeSeconds, limit: seconds },
    ].map(({ name, value, limit }) => ({ name, value: rounded(value, 0), limit: rounded(limit, 0) }));
    return {
      columns: ['figure', `${MOST} sessions`, 'at most'],
      rows: figures.map(({ name, value, limit }) => [name, value, limit]),
      beyond: beyondLimits(figures),
    };
  },
};

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Measured } from '#bench/curation/measure';
import { rounded } from '#bench/median';
import { beyondLimits, type Section } from '#bench/section';
import { signatureOf } from '#domain/dataset/min-hash';
import { makeNearDuplicates } from '#domain/dataset/near-duplicates';

const PROGRAM = path.join(import.meta.dirname, '../curation/measure.ts');
const [FEW, MANY] = [10_000, 100_000] as const;
/** What ten times as many sessions may take of time and memory, in times. */
const TIME_LIMIT = 13;
const READ_MEMORY_LIMIT = 1.5;
const SEARCH_LIMIT = 15;

/** Builds a dataset of so many sessions in a process of its own, with options of Node. */
export const measure = (sessions: number, ...options: string[]): Measured =>
  JSON.parse(execFileSync(process.execPath, [...options, PROGRAM, String(sessions)], { encoding: 'utf8' }));

const WORDS = 80;

/** Milliseconds that the search takes among so many texts, of which every tenth nearly repeats the one before it. */
const searchTime = (texts: number): number => {
  const signatures = Array.from({ length: texts }, (_, index) => {
    const source = index % 10 === 1 ? index - 1 : index;
    const words = Array.from({ length: WORDS }, (_, word) => `${source}-${word}`);
    return signatureOf([...words, ...(source === index ? [] : ['more'])].join(' '));
  });
  const { repeats } = makeNearDuplicates();
  const startedAt = performance.now();
  for (const signature of signatures) repeats(signature);
  return performance.now() - startedAt;
};

/** Time and memory of building a dataset, and how the search for near duplicates grows. */
export const curation: Section = {
  id: 'curation',
  title: 'Curation of a dataset',
  comparedTo: [
    `A dataset of ${MANY} session results is compared to one of ${FEW}, each built in a process of its own by the use cases of the product, with`,
    'sessions that are made when they are read (a diff of 3 KB each, one in 20 repeats another word for word, one in 10 nearly) and files on',
    'disk. A dataset of the product looks at 20,000 sessions at most; the limit is lifted here. Memory is the most that the process ever held:',
    'reading must not need more for more sessions, while choosing among the samples holds an index line of each. The search for near',
    `duplicates is measured by itself. Ten times as many may take ${TIME_LIMIT} × the time, ${READ_MEMORY_LIMIT} × the memory while reading, and ${SEARCH_LIMIT} × the time of the search.`,
  ].join(' '),
  repeat: 'npm run bench -- curation',
  isLong: true,
  async measure() {
    const [few, many] = [measure(FEW), measure(MANY)];
    searchTime(FEW);
    const [fewSearched, manySearched] = [searchTime(FEW), searchTime(MANY)];
    const row = (what: string, a: number, b: number, places = 1) => [
      ...[what, rounded(a, places), rounded(b, places)],
      rounded(b / a, 2),
    ];
    const seconds = (one: Measured) => one.readSeconds + one.writeSeconds;
    return {
      columns: ['figure', `${FEW} sessions`, `${MANY} sessions`, 'ratio'],
      rows: [
        row('samples', few.samples, many.samples, 0),
        row('duplicates found', few.duplicates, many.duplicates, 0),
        row('near duplicates found', few.nearDuplicates, many.nearDuplicates, 0),
        row('files (MB)', few.fileMegabytes, many.fileMegabytes),
        row('seconds of reading: filters, scrubbing, signatures, parts', few.readSeconds, many.readSeconds),
        row('seconds of writing: duplicates, split, files', few.writeSeconds, many.writeSeconds),
        row('most memory while reading (MB)', few.readMegabytes, many.readMegabytes, 0),
        row('most memory at the end (MB)', few.writeMegabytes, many.writeMegabytes, 0),
        row('search for near duplicates alone (ms)', fewSearched, manySearched, 0),
      ],
      beyond: beyondLimits([
        {
          name: 'time of ten times as many sessions',
          value: rounded(seconds(many) / seconds(few), 2),
          limit: TIME_LIMIT,
        },
        {
          name: 'memory while reading ten times as many sessions',
          value: rounded(many.readMegabytes / few.readMegabytes, 2),
          limit: READ_MEMORY_LIMIT,
        },
        {
          name: 'time of the search for ten times as many',
          value: rounded(manySearched / fewSearched, 2),
          limit: SEARCH_LIMIT,
        },
      ]),
    };
  },
};

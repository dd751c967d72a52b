import type { Metafile } from 'esbuild';

/** Most kilobytes of one bundle: reading and compiling it is most of a cold start. */
const LIMIT_KB = 450;
/** These clients alone have about 100 kB; only functions that presign, or talk to who trains, hold one. */
const LARGE_CLIENTS = ['@aws-sdk/client-s3', '@aws-sdk/client-sagemaker'];
const LIMIT_WITH_LARGE_CLIENT_KB = 550;
const BYTES_PER_KB = 1000;
const NAMED = 3;

/** What one function is deployed as. */
export interface BundleSize {
  readonly name: string;
  /** Kilobytes of 1000 bytes, without the source map. */
  readonly kilobytes: number;
  readonly limit: number;
  /** Packages in the bundle. */
  readonly packages: readonly string[];
  /** Where most of it comes from, with its kilobytes. */
  readonly largest: readonly string[];
}

const PACKAGE = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//;
const inKilobytes = (bytes: number) => Math.round(bytes / (BYTES_PER_KB / 10)) / 10;

/** Package of an input, or its folder when it is our own. */
const originOf = (input: string): string => PACKAGE.exec(input)?.[1] ?? input.split('/').slice(0, 2).join('/');

const bytesByOrigin = (inputs: Metafile['outputs'][string]['inputs']): Map<string, number> => {
  const bytes = new Map<string, number>();
  for (const [input, { bytesInOutput }] of Object.entries(inputs))
    if (bytesInOutput > 0) bytes.set(originOf(input), (bytes.get(originOf(input)) ?? 0) + bytesInOutput);
  return bytes;
};

/** Every function of a build with its size and what it may have, by name. */
export const bundleSizes = ({ outputs }: Metafile): readonly BundleSize[] =>
  Object.entries(outputs)
    .filter(([output]) => output.endsWith('.mjs'))
    .map(([output, { bytes, inputs }]) => {
      const origins = bytesByOrigin(inputs);
      return {
        name: output.split('/').at(-2) ?? output,
        kilobytes: inKilobytes(bytes),
        limit: LARGE_CLIENTS.some((client) => origins.has(client)) ? LIMIT_WITH_LARGE_CLIENT_KB : LIMIT_KB,
        packages: Object.keys(inputs)
          .flatMap((input) => PACKAGE.exec(input)?.[1] ?? [])
          .filter((each, at, all) => all.indexOf(each) === at && origins.has(each)),
        largest: [...origins]
          .toSorted(([, a], [, b]) => b - a)
          .slice(0, NAMED)
          .map(([origin, size]) => `${origin} (${inKilobytes(size)} kB)`),
      };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name));

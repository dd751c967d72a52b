import { readFile } from 'node:fs/promises';
import { brotliCompressSync } from 'node:zlib';
import type { Plugin } from 'esbuild';

/** A large document that a function only hands on is kept compressed in its bundle. Import it dynamically, so that only who asks for it unpacks it. */
export const packedJson: Plugin = {
  name: 'packed-json',
  setup({ onLoad }) {
    onLoad({ filter: /\/docs\/openapi\.json$/ }, async ({ path }) => {
      const packed = brotliCompressSync(JSON.stringify(JSON.parse(await readFile(path, 'utf8')))).toString('base64');
      return {
        contents: `import { brotliDecompressSync } from 'node:zlib';
export default JSON.parse(brotliDecompressSync(Buffer.from('${packed}', 'base64')).toString());`,
        loader: 'js',
      };
    });
  },
};

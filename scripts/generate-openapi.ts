import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorsDocument } from '#scripts/errors-document';
import { openApiDocument } from '#scripts/openapi-document';

const docs = path.join(import.meta.dirname, '../docs');
writeFileSync(path.join(docs, 'openapi.json'), `${JSON.stringify(openApiDocument(), null, 2)}\n`);
writeFileSync(path.join(docs, 'errors.md'), errorsDocument());

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { openApiDocument } from '#scripts/openapi-document';

const file = path.join(import.meta.dirname, '../docs/openapi.json');
writeFileSync(file, `${JSON.stringify(openApiDocument(), null, 2)}\n`);

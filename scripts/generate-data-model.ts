import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { dataModelDocument } from './data-model/document.ts';

writeFileSync(path.join(import.meta.dirname, '../docs/data-model.md'), dataModelDocument());

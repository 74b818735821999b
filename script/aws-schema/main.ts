/** `npm run aws-schema`: writes what AWS's schemas say of the types that run here. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../local/region/paths.ts';
import { schemaTable, TABLE } from './read.ts';

writeFileSync(join(ROOT, TABLE), schemaTable());

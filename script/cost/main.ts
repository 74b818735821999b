/** `npm run cost`: writes the tables of docs/cost.md from the committed templates and the price list. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { committedTemplate, PROJECTS } from '../../local/front/projects.ts';
import { ROOT } from '../../local/front/region/paths.ts';
import { PRICES } from './bill.ts';
import { costTables, withTables } from './document.ts';

const file = join(ROOT, 'docs/cost.md');
const tables = costTables(PROJECTS.map(committedTemplate), PRICES);
writeFileSync(file, withTables(readFileSync(file, 'utf8'), tables));

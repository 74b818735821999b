/** `npm run cost`: writes the tables of docs/cost.md from the committed templates and the price list. */
import { committedTemplate, PROJECTS } from '../../local/deploy/projects.ts';
import { writeTables } from '../generated-part.ts';
import { PRICES } from './bill.ts';
import { costTables } from './document.ts';

writeTables('docs/cost.md', 'npm run cost', costTables(PROJECTS.map(committedTemplate), PRICES));

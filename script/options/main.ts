/** `npm run options`: writes the tables of docs/options.md from the types of the settings. */
import { writeTables } from '../generated-part.ts';
import { optionTables } from './document.ts';

writeTables('docs/options.md', 'npm run options', optionTables());

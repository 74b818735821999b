/** `npm run support`: writes the tables of docs/any-app-reference.md from what is supported. */
import { writeTables } from '../generated-part.ts';
import { supportTables } from './document.ts';

writeTables('docs/any-app-reference.md', 'npm run support', supportTables());

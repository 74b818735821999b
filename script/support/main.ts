/** `npm run support`: writes the tables of docs/any-app.md from what is supported. */
import { writeTables } from '../generated-part.ts';
import { supportTables } from './document.ts';

writeTables('docs/any-app.md', 'npm run support', supportTables());

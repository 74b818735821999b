/** `npm run support`: writes the tables of docs/any-app-reference.md, docs/any-app-sample.md and docs/load-balancer.md from what is supported and tested. */
import { sampleRows } from '../../local/apps/testing/sample.ts';
import { writeTables } from '../generated-part.ts';
import { supportTables } from './document.ts';
import { loadBalancerTable } from './load-balancer-table.ts';
import { sampleTables } from './sample-table.ts';

writeTables('docs/any-app-reference.md', 'npm run support', supportTables());
writeTables('docs/load-balancer.md', 'npm run support', loadBalancerTable());
writeTables('docs/any-app-sample.md', 'npm run support', sampleTables(sampleRows()));

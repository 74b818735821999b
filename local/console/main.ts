/** The console's process: started by the supervisor, apart from the agent, so that nothing here can harm the mesh. */
import { parseArgs } from 'node:util';
import { createAdaptorServer } from '@hono/node-server';
import { z } from 'zod';
import { requireRegion } from '../region/region-file.ts';
import { ActionRunner } from './actions/action-runner.ts';
import { DIST } from './build-page.ts';
import { RegionWatch } from './region/region-watch.ts';
import { consoleApp } from './server/app.ts';

const { port } = z
  .object({ port: z.coerce.number().int() })
  .parse(parseArgs({ options: { port: { type: 'string' } } }).values);
const { console: own } = requireRegion();
if (own === undefined) throw new Error('the region has no console');

const app = consoleApp({
  own: { port, token: own.token },
  watch: new RegionWatch(requireRegion),
  actions: new ActionRunner(),
  pageDirectory: DIST,
});
const server = createAdaptorServer({ fetch: app.fetch });
server.on('error', (error: Error) => {
  console.error(error.message);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => {
  console.log('ready');
});

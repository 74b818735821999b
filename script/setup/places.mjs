/** Where things lie, for what runs before anything is installed; local/region/paths.ts has the same for the rest. */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Without import.meta.dirname, which a Node that is too old does not have: it has to get as far as to be told.
export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
/** Python environments and tools, for every region and every test of this checkout; beside them, the first region. */
export const installed = join(root, '.highlands');
const nodes = join(installed, 'nodes');
/** The folder of one Node version that is for the PATH. */
export const nodeFolder = (version) => join(nodes, `node_modules/${version}-${process.arch}/bin`);
/** Of the region that the commands speak of. */
export const state = resolve(process.env.HIGHLANDS_STATE_DIR ?? installed);
/** Of everything that `npm test` runs: never that of a region of a user. */
export const testState = join(state, 'test');
/** Of the tests whose region runs beside another one's: as long a path, which the names of sockets are limited by. */
export const twinState = join(state, 'twin');
/** What the steps counted: in neither place, as command lines that name it would look like something of that place's region. */
export const testResults = join(state, 'results');

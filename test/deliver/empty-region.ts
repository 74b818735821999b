/** A local region with nothing in it, on the port that is given: where a first delivery goes. */
import { makeRoom, startRegion } from '../../local/supervisor/start-region.ts';

const port = Number(process.argv[2]);
await makeRoom(port, []);
await startRegion(port);

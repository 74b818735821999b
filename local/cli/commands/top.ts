/** `highlands top`: the console's map and services in a terminal. */
import logUpdate from 'log-update';
import { RegionWatch } from '../../console/region/region-watch.ts';
import { topText } from '../../console/top/tables.ts';
import { requireRegion } from '../../region/region-file.ts';

export async function top(once: boolean): Promise<void> {
  requireRegion();
  const watch = new RegionWatch(requireRegion);
  if (once) {
    console.log(topText((await watch.now()).region, { rows: undefined, columns: process.stdout.columns }));
    return;
  }
  const ended = new AbortController();
  watch.watch(({ region }) => {
    // What does not fit would scroll away above.
    const { rows, columns } = process.stdout;
    logUpdate(topText(region, { rows, columns }));
  }, ended.signal);
  if (process.stdin.isTTY) {
    process.stdin.setRawMode(true).resume();
    process.stdin.on('data', (key) => {
      // q, and Ctrl-C, which comes as a character in raw mode.
      if (['q', '\u0003'].includes(key.toString())) ended.abort();
    });
  }
  process.once('SIGINT', () => {
    ended.abort();
  });
  await new Promise((resolve) => {
    ended.signal.addEventListener('abort', resolve);
  });
  logUpdate.done();
  process.stdin.pause();
}

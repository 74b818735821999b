import { LostConnections } from './lost-connections.ts';
import type { NamespaceHolder } from '../runtime/namespace-holder.ts';
import { quietBook } from '../testing/quiet-book.ts';

const holder = (running: boolean) => ({ running }) as unknown as NamespaceHolder;
const HOLDERS = new Map([
  ['well', holder(true)],
  ['unable', holder(true)],
  ['gone', holder(false)],
]);

test('connections end before and after the cut, once for each time that an address is lost', async () => {
  const seen: string[] = [];
  const lost = new LostConnections((place, peers) => {
    if (place !== HOLDERS.get('well')) return Promise.reject(new Error('it ends none'));
    seen.push(`end ${peers.join()}`);
    return Promise.resolve();
  });
  const book = quietBook();
  const cutOff = (addresses: readonly string[]) => () => {
    seen.push(`cut ${addresses.join()}`);
    return Promise.resolve();
  };
  for (const addresses of [[], ['a'], ['a', 'b'], ['b'], ['a']])
    await lost.around(addresses, HOLDERS, book, cutOff(addresses));
  expect(seen).toEqual([
    ...['cut ', 'end a', 'cut a', 'end a', 'end b', 'cut a,b', 'end b', 'cut b', 'end a', 'cut a', 'end a'],
  ]);
  // Of a namespace that is gone nobody needs to hear.
  expect(book.list()).toMatchObject([{ resource: 'unable', message: 'it ends none' }]);
});

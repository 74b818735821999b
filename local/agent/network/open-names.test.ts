import { CLOSED, type Egress } from '../../region/outside.ts';
import { quietBook } from '../testing/quiet-book.ts';
import { OpenNames } from './open-names.ts';

const MINUTE = 60_000;

function names(...hosts: readonly string[]) {
  let [now, changes] = [0, 0];
  const answers = new Map<string, readonly string[]>();
  const egress: Egress = { ...CLOSED, destinations: hosts.map((host) => ({ host, port: 443 })) };
  const book = quietBook();
  const open = new OpenNames({
    ...{ egress: () => egress, book, now: () => now, onChange: () => (changes += 1) },
    lookUp: (name) => {
      const found = answers.get(name);
      return found === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(found);
    },
  });
  const look = async (at: number): Promise<readonly string[]> => {
    now = at;
    await open.look();
    return open.openWays().destinations.map(({ address }) => address);
  };
  return { answers, book, look, open, changes: () => changes };
}

test('a name is open at what this machine answers, and for a while at what it answered before', async () => {
  const { answers, changes, look, open } = names('api.example.com', '192.0.2.9');
  answers.set('api.example.com', ['192.0.2.1']);
  expect(await look(0)).toEqual(['192.0.2.1', '192.0.2.9']);
  answers.set('api.example.com', ['192.0.2.2']);
  expect(await look(MINUTE)).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.9']);
  expect(open.addresses()).toEqual(new Map([['api.example.com', ['192.0.2.2']]]));
  const before = changes();
  await look(2 * MINUTE);
  expect(changes()).toBe(before);
  expect(await look(11 * MINUTE)).toEqual(['192.0.2.2', '192.0.2.9']);
});

test('a name that this machine does not know is complained about, and keeps what it had', async () => {
  const { answers, book, look } = names('api.example.com');
  expect(await look(0)).toEqual([]);
  expect(book.list()).toMatchObject([{ resource: '--egress api.example.com' }]);
  answers.set('api.example.com', ['192.0.2.1']);
  expect([await look(1), book.list()]).toEqual([['192.0.2.1'], []]);
  answers.clear();
  expect(await look(2)).toEqual(['192.0.2.1']);
});

test('a name of the loopback is refused with the remedy', async () => {
  const { answers, book, look } = names('db.test');
  answers.set('db.test', ['127.0.0.1']);
  expect(await look(0)).toEqual([]);
  expect(book.list()[0]?.message).toContain('open it with `--egress host`');
});

test('a name that nobody answers for keeps no other one closed, nor one that is listed meanwhile', async () => {
  const book = quietBook();
  let hosts = ['dead.example.com', 'api.example.com'];
  let giveUp: () => void = () => undefined;
  const open = new OpenNames({
    ...{ book, onChange: () => undefined },
    egress: () => ({ ...CLOSED, destinations: hosts.map((host) => ({ host, port: 443 })) }),
    lookUp: (name) =>
      name === 'dead.example.com'
        ? new Promise((_, reject) => {
            giveUp = () => {
              reject(new Error('ETIMEDOUT'));
            };
          })
        : Promise.resolve(['192.0.2.1']),
  });
  const known = () => [...open.addresses()].filter(([, found]) => found.length > 0).map(([name]) => name);
  const first = open.look();
  await new Promise(setImmediate);
  expect(known()).toEqual(['api.example.com']);
  hosts = [...hosts, 'late.example.com'];
  const second = open.look();
  await new Promise(setImmediate);
  expect(known()).toEqual(['api.example.com', 'late.example.com']);
  giveUp();
  await Promise.all([first, second]);
  expect(book.list()).toMatchObject([{ resource: '--egress dead.example.com' }]);
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Door } from '../core/envoy/front-door.ts';
import type { FrontDoorProcess, FrontDoorSettings } from '../runtime/front-door.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';
import { freePort } from '../testing/envoy.ts';
import { quietBook } from '../testing/quiet-book.ts';
import { DOORS_FILE } from '../../region/doors.ts';
import { FrontDoors, type OpenListener } from './front-doors.ts';

const stateDirectory = mkdtempSync(join(tmpdir(), 'doors-'));
mkdirSync(join(stateDirectory, 'run'));
afterAll(() => {
  rmSync(stateDirectory, { recursive: true, force: true });
});
afterEach(() => {
  rmSync(join(stateDirectory, 'run', DOORS_FILE), { force: true });
});

interface FakeDoor {
  running: boolean;
  refusal: string | undefined;
  closed: boolean;
  leads: readonly Door[];
}

const listener = (name: string, port: number, vpcId = 'vpc-1'): OpenListener => ({
  ...{ loadBalancerArn: `arn:${name}`, loadBalancerName: name, port, protocol: 'HTTP', vpcId },
  addresses: ['10.0.1.4'],
});

/** @param broken VPCs whose door can't be opened */
function frontDoors(port: number, broken: Set<string> = new Set()) {
  const opened: [string, FakeDoor][] = [];
  const vpcOf = ({ directory }: FrontDoorSettings): string => directory.split('/').at(-1) ?? '';
  const doors = new FrontDoors({
    config: {
      ...{ endpoint: 'http://127.0.0.1', region: 'r', stateDirectory, envoyPath: '/envoy', rootless: true },
      frontDoor: { address: '127.0.0.1', port },
    },
    networks: { router: () => Promise.resolve({} as unknown as VpcRouter) },
    openDoor: (settings, leads) => {
      if (broken.has(vpcOf(settings))) return Promise.reject(new Error('Envoy ended while starting'));
      const fake: FakeDoor = { running: true, refusal: undefined, closed: false, leads };
      opened.push([vpcOf(settings), fake]);
      const process = Object.assign(fake, {
        lead: (others: readonly Door[]) => Promise.resolve(void (fake.leads = others)),
        close: () => Promise.resolve(void (fake.closed = true)),
      });
      // Nothing else of it is looked at here.
      return Promise.resolve(process as unknown as FrontDoorProcess);
    },
    adoptDoor: () => {
      throw new Error('nothing is adopted');
    },
    onChange: () => undefined,
    log: () => undefined,
  });
  return { book: quietBook(), doors, opened };
}

test('a listener keeps its port while others come and go, also over a restart of the agent', async () => {
  const base = await freePort();
  const { book, doors, opened } = frontDoors(base);
  await doors.keep([listener('first', 80), listener('second', 80)], book);
  const second = doors.portsOf('arn:second').get(80) ?? 0;
  expect(doors.portsOf('arn:first').get(80)).toBe(base);
  expect(second).toBeGreaterThan(base);
  await doors.keep([listener('second', 80)], book);
  expect(doors.portsOf('arn:first').size).toBe(0);
  expect(doors.portsOf('arn:second').get(80)).toBe(second);
  expect(opened).toHaveLength(1);
  expect(opened[0]?.[1].leads.map(({ listen }) => listen.port)).toEqual([second]);
  const next = frontDoors(base);
  // The first port is free again, and is not taken instead.
  await next.doors.keep([listener('second', 80)], next.book);
  expect(next.doors.portsOf('arn:second').get(80)).toBe(second);
  await next.doors.keep([listener('third', 80), listener('second', 80)], next.book);
  expect([...next.doors.portsOf('arn:second'), ...next.doors.portsOf('arn:third')]).toEqual([
    [80, second],
    [80, base],
  ]);
  expect(readFileSync(join(stateDirectory, 'run', DOORS_FILE), 'utf8')).toContain(String(second));
});

test('the door of one VPC that does not open costs itself alone, and is tried again', async () => {
  const broken = new Set(['vpc-1']);
  const { book, doors, opened } = frontDoors(await freePort(), broken);
  const listeners = [listener('a', 80), listener('b', 80, 'vpc-2')];
  await doors.keep(listeners, book);
  expect(opened.map(([vpcId]) => vpcId)).toEqual(['vpc-2']);
  expect(book.list()).toMatchObject([{ resource: 'front door of vpc-1', message: 'Envoy ended while starting' }]);
  const port = doors.portsOf('arn:a').get(80);
  broken.clear();
  await doors.keep(listeners, book);
  expect(opened.map(([vpcId]) => vpcId)).toEqual(['vpc-2', 'vpc-1']);
  expect(doors.portsOf('arn:a').get(80)).toBe(port);
  expect(book.list()).toEqual([]);
});

test('a door that ended is closed and opened again at the same port', async () => {
  const { book, doors, opened } = frontDoors(await freePort());
  await doors.keep([listener('a', 80)], book);
  const [, first] = opened[0] ?? [];
  if (first !== undefined) first.running = false;
  await doors.keep([listener('a', 80)], book);
  expect(first?.closed).toBe(true);
  expect(opened[1]?.[1].leads).toEqual(first?.leads);
});

test('a door whose Envoy refuses is complained about and stays, and one that nobody wants is closed', async () => {
  const { book, doors, opened } = frontDoors(await freePort());
  await doors.keep([listener('a', 80)], book);
  const [, door] = opened[0] ?? [];
  if (door === undefined) throw new Error('no door was opened');
  door.refusal = 'address in use';
  await doors.keep([listener('a', 80)], book);
  expect(book.list()[0]?.message).toBe('Envoy refuses the configuration of the front door: address in use');
  expect(door.closed).toBe(false);
  door.refusal = undefined;
  await doors.keep([], book);
  expect(door.closed).toBe(true);
  expect(book.list()).toEqual([]);
});

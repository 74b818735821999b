import { quietBook } from '../testing/quiet-book.ts';
import { stateWith } from '../testing/region-state.ts';
import { RegionReader } from './region-reader.ts';

test('what cannot be read stays as it was, and keeps nothing else from being read', async () => {
  const states = [stateWith([]), stateWith([])];
  const read: string[] = [];
  let failing = '';
  const step = (name: string) => () => {
    if (name === failing) return Promise.reject(new Error('odd'));
    return Promise.resolve(void read.push(name));
  };
  const reader = new RegionReader({
    book: quietBook(),
    readState: () => step('state')().then(() => states.shift() ?? stateWith([])),
    ...{ loadBalancers: { read: step('load balancers') }, services: { readUnderWay: step('deployments') } },
    scaling: { read: step('scaling') },
  });
  expect(reader.state).toBeUndefined();
  expect(await reader.read()).toBe(true);
  const { state } = reader;
  expect(state).toBeDefined();
  for (const name of ['state', 'load balancers', 'deployments', 'scaling']) {
    failing = name;
    read.length = 0;
    expect(await reader.read()).toBe(false);
    expect(read).toHaveLength(3);
    if (name === 'state') expect(reader.state).toBe(state);
  }
});

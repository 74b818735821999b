import { endpointsResource } from '../../local/agent/core/envoy/endpoints.ts';
import { PLANNER_SETTINGS } from '../../local/agent/testing/region-state.ts';
import { bytesOf, limitsTables, partsOf, SIZES } from './document.ts';
import type { Measurement } from './measure.ts';
import { edsName, endpointsOf, proxyOf, stateOf } from './mesh.ts';

const PARTS = { base: 50_000_000, service: 100_000, task: 2_000 };
const measured = SIZES.map((size): Measurement => ({
  ...{ size, allocatedBytes: bytesOf(PARTS, size), residentBytes: bytesOf(PARTS, size) },
  ...{ updateMs: 5, takenUpMs: 12.4, cpuMsPerChange: 2 },
}));

test('what a service and a task take is found again in what was measured', () => {
  const parts = partsOf(measured, ({ residentBytes }) => residentBytes);
  for (const name of ['base', 'service', 'task'] as const) expect(parts[name]).toBeCloseTo(PARTS[name], 3);
  expect(() => partsOf([], () => 0)).toThrow('nothing was measured for 100 x 1000');
});

test('sizes beyond are computed, and say so', () => {
  const machine = { cores: 2, architecture: 'x64', envoy: 'Envoy 1', date: '2026-01-01' };
  const lines = limitsTables(measured, machine).split('\n');
  expect(lines[2]).toBe('| 3 x 2 | 48 MiB | 48 MiB | 5.0 | 12 | 2.0 | 500 |');
  expect(lines).toContain('| *1,000 x 1,000* | *2050 MiB* | *2050 MiB* |  |  |  |  |');
  expect(lines.join(' ')).toContain('48 MiB, 98 KiB for each service and 2.0 KiB for each task');
});

test('the proxy of the simulation calls every service, and each has an address of its own for each task', () => {
  const proxy = proxyOf(stateOf({ services: 100, tasks: 1000 }, 10), PLANNER_SETTINGS);
  expect(proxy.aliases.map((alias) => alias.edsName).sort()).toEqual(
    Array.from({ length: 100 }, (_, i) => edsName(i)).sort(),
  );
  const lists = [endpointsOf(0, 1000, proxy), endpointsOf(99, 1000, proxy)].flat();
  expect(new Set(lists.map(({ address }) => address)).size).toBe(2000);
  expect(new Set(lists.map(({ zone }) => zone)).size).toBe(2);
});

test('another generation of a list is one task less and one more', () => {
  const proxy = proxyOf(stateOf({ services: 1, tasks: 5 }, 10), PLANNER_SETTINGS);
  const [before, after] = [0, 1].map((generation) =>
    endpointsOf(0, 5, proxy, generation).map(({ address }) => address),
  );
  expect(after?.slice(0, 4)).toEqual(before?.slice(1));
  expect(before).not.toContain(after?.[4]);
  const version = (generation: number) =>
    endpointsResource('x', endpointsOf(0, 5, proxy, generation), 'r')['version_info'];
  expect(version(0)).not.toBe(version(1));
});

import { byServices, chosen } from './play.ts';
import { asJson, summary } from './results.ts';
import { SCENARIOS } from './scenarios/all.ts';

test('every scenario has an id of its own and an AWS or Envoy page as its source', () => {
  expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length);
  for (const { source } of SCENARIOS) expect(source).toMatch(/^https:/);
});

test('scenarios with the same services are played together, none is lost', () => {
  const groups = byServices(SCENARIOS);
  expect(groups.flat()).toHaveLength(SCENARIOS.length);
  for (const group of groups) expect(new Set(group.map(({ services }) => JSON.stringify(services))).size).toBe(1);
});

test('scenarios are chosen by a part of their id or trait; a word that matches nothing is named', () => {
  expect(chosen(SCENARIOS, [])).toHaveLength(SCENARIOS.length);
  expect(chosen(SCENARIOS, ['hosts-file']).map(({ id }) => id)).toEqual(['hosts-file']);
  expect(new Set(chosen(SCENARIOS, ['tls']).map(({ trait }) => trait))).toContain('3 TLS and who may talk');
  expect(() => chosen(SCENARIOS, ['hosts-file', 'nonsense'])).toThrow('no scenario or trait nonsense');
});

test('results for machines name the scenario and count what failed', () => {
  const results = SCENARIOS.slice(0, 2).map((scenario, index) => ({
    scenario,
    passed: index === 0,
    seen: 'x',
    seconds: 1,
  }));
  expect(JSON.parse(asJson(results))).toMatchObject([
    { id: SCENARIOS[0]?.id, passed: true },
    { id: SCENARIOS[1]?.id, passed: false },
  ]);
  expect(summary(results)).toBe('1 passed, 1 failed, in 2 s');
});

import { stripVTControlCharacters } from 'node:util';
import { byServices, chosen, inRounds } from './play.ts';
import { asJson, summary } from './results.ts';
import type { Scenario } from './scenario.ts';
import { PROBE, TESTBED, USUAL } from './services.ts';

const scenario = (id: string, services: Scenario['services'], trait: Scenario['trait']): Scenario => {
  const play = () => Promise.resolve('seen');
  return { id, trait, expectation: 'x', source: 'https://docs.aws.amazon.com/', services, play };
};
const SCENARIOS = [
  scenario('hosts-file', USUAL, '1 friendly name'),
  scenario('rotation', [TESTBED, PROBE], '3 TLS and who may talk'),
  scenario('wrong-name', [...USUAL], '3 TLS and who may talk'),
];

test('scenarios with the same services are played together, none is lost', () => {
  expect(byServices(SCENARIOS).map((group) => group.map(({ id }) => id))).toEqual([
    ['hosts-file', 'wrong-name'],
    ['rotation'],
  ]);
});

test('scenarios are chosen by a part of their id or trait; a word that matches nothing is named', () => {
  const ids = (...only: string[]) => chosen(SCENARIOS, only).map(({ id }) => id);
  expect(ids()).toHaveLength(3);
  expect(ids('hosts')).toEqual(['hosts-file']);
  expect(ids('tls')).toEqual(['rotation', 'wrong-name']);
  expect(() => ids('hosts', 'nonsense')).toThrow('no scenario or trait nonsense');
});

test('in rounds, each scenario is played as often, and each time can be told', () => {
  expect(inRounds(SCENARIOS, 1)).toEqual(SCENARIOS);
  const ids = byServices(inRounds(SCENARIOS.slice(0, 2), 2)).map((group) => group.map(({ id }) => id));
  expect(ids).toEqual([
    ['hosts-file 1/2', 'hosts-file 2/2'],
    ['rotation 1/2', 'rotation 2/2'],
  ]);
});

test('results for machines name the scenario and count what failed', () => {
  const results = SCENARIOS.map((played, index) => ({ scenario: played, passed: index > 0, seen: 'x', seconds: 1 }));
  expect(JSON.parse(asJson(results))).toMatchObject([
    { id: 'hosts-file', passed: false },
    { id: 'rotation', passed: true },
    { id: 'wrong-name', passed: true },
  ]);
  expect(stripVTControlCharacters(summary(results))).toBe('✖ hosts-file: x\n2 passed, 1 failed, in 3 s');
});

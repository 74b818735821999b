import { deployRows } from './deploy-rows.ts';
import { DEPLOY_ORDER, PROJECTS } from './projects.ts';

const exporting = (name: string) => ({ Resources: {}, Outputs: { Url: { Value: 'x', Export: { Name: name } } } });
const importing = (name: string) => ({
  Resources: { Task: { Type: 'T', Properties: { deep: [{ 'Fn::ImportValue': name }] } } },
});

test('a stack that imports comes after the one that exports, and stacks that need nothing of each other share a row', () => {
  const templates = new Map<string, unknown>([
    ['caller', importing('url')],
    ['called', exporting('url')],
    ['other', exporting('other')],
  ]);
  expect(deployRows(templates)).toEqual([['called', 'other'], ['caller']]);
});

test('a stack that reads a parameter comes after the one that writes it; a parameter that no stack writes delays none', () => {
  const templates = new Map<string, unknown>([
    ['reader', { Resources: {}, Parameters: { Vpc: { Default: '/vpc' }, Image: { Default: '/image' } } }],
    ['writer', { Resources: { P: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/vpc' } } } }],
  ]);
  expect(deployRows(templates)).toEqual([['writer'], ['reader']]);
});

test('a circle is an error that names its members', () => {
  const templates = new Map([
    ['x', { ...exporting('x'), ...importing('y') }],
    ['y', { ...exporting('y'), ...importing('x') }],
  ]);
  expect(() => deployRows(templates)).toThrow('x, y need each other');
});

test('ours: base-infra, then who calls nobody, then the callers', () => {
  expect(DEPLOY_ORDER[0]).toEqual(['base-infra']);
  const row = (name: string): number => DEPLOY_ORDER.findIndex((members) => members.some((one) => one === name));
  expect(row('service-a')).toBe(row('service-c'));
  expect(row('service-b')).toBeGreaterThan(row('service-a'));
  expect(PROJECTS).toEqual(DEPLOY_ORDER.flat());
});

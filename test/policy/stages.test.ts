import { everyTemplate, type Project, valuesOf } from './system.ts';

/** Names by which the stacks of a stage meet: parameters, exports, namespace. */
function names(option: string, projects: readonly Project[]): { offered: Set<string>; used: Set<string> } {
  const templates = everyTemplate.filter((one) => one.option === option && projects.includes(one.project));
  expect(templates).toHaveLength(projects.length);
  const offered = templates.flatMap(({ template }) => [
    ...Object.values(template.Resources)
      .filter(({ Type }) => Type === 'AWS::SSM::Parameter' || Type === 'AWS::ServiceDiscovery::HttpNamespace')
      .map(({ Properties }) => String(Properties?.['Name'])),
    ...Object.values(template.Outputs ?? {}).flatMap(({ Export }) => (Export ? [Export.Name] : [])),
  ]);
  const used = templates.flatMap(({ template }) => [
    ...Object.values(template.Parameters)
      .map(({ Default }) => Default)
      .filter((name) => !name.startsWith('/cdk-bootstrap/') && !name.endsWith('/image')),
    ...(valuesOf('Fn::ImportValue', template.Resources) as string[]).filter((name) => !name.includes('service-c')),
  ]);
  return { offered: new Set(offered), used: new Set(used) };
}

const PROJECTS = ['base-infra', 'service-a', 'service-b'] as const;
const byDefault = names('default', PROJECTS);
const dev = names('stage', PROJECTS);

test('the stacks of a stage find what they need in it', () => {
  expect(dev.used.size).toBeGreaterThan(5);
  expect([...dev.used].filter((name) => !dev.offered.has(name))).toEqual([]);
});

test('two stages have no name in common: they live side by side in one account', () => {
  expect(dev.offered.size).toBe(byDefault.offered.size);
  expect([...dev.offered].filter((name) => byDefault.offered.has(name))).toEqual([]);
});

import { BASE_INFRA_PARAMETERS, SERVICE_NAMES, serviceExports, serviceParameters } from '@highlands/connected-service';
import { type Project, projects, resources, templates, valuesOf } from './system.ts';

function parametersRead(project: Project): string[] {
  return Object.values(templates[project].Parameters)
    .map(({ Default }) => Default)
    .filter((name) => !name.startsWith('/cdk-bootstrap/'));
}

function exportsOf(project: Project): string[] {
  return Object.values(templates[project].Outputs ?? {}).flatMap(({ Export }) => (Export ? [Export.Name] : []));
}

function importsOf(project: Project): unknown[] {
  return [...new Set(valuesOf('Fn::ImportValue', templates[project].Resources))];
}

test('base-infra comes first: it reads and imports nothing', () => {
  expect(parametersRead('base-infra')).toEqual([]);
  expect(importsOf('base-infra')).toEqual([]);
});

test('service-a and service-c come before service-b: it imports what they export, and nobody else imports', () => {
  const a: string[] = Object.values(serviceExports('service-a'));
  const c: string[] = Object.values(serviceExports('service-c'));
  expect(projects.map((project) => [project, exportsOf(project)])).toEqual([
    ['base-infra', []],
    ['service-a', a],
    ['service-b', []],
    ['service-c', c],
  ]);
  expect(importsOf('service-a')).toEqual([]);
  expect(importsOf('service-c')).toEqual([]);
  expect(importsOf('service-b').sort()).toEqual([...a, ...c].sort());
});

test('every parameter of the contract has one writer, and an image none', () => {
  const written = resources('AWS::SSM::Parameter').map(({ project, properties }) => [project, properties['Name']]);
  const contract = [
    ...Object.values(BASE_INFRA_PARAMETERS),
    ...SERVICE_NAMES.flatMap((service) => {
      const { repositoryName, repositoryUri } = serviceParameters(service);
      return [repositoryName, repositoryUri];
    }),
  ];
  expect(written.sort()).toEqual(contract.map((name) => ['base-infra', name]).sort());
});

test.each(SERVICE_NAMES)('%s reads the contract, and of other services nothing', (service) => {
  const { repositoryName, image } = serviceParameters(service);
  const allowed: string[] = [...Object.values(BASE_INFRA_PARAMETERS), repositoryName, image];
  expect(parametersRead(service).filter((name) => !allowed.includes(name))).toEqual([]);
  expect(parametersRead(service)).toContain(image);
});

import { BASE_INFRA_PARAMETERS, SERVICE_NAMES, serviceExports, serviceParameters } from '@highlands/connected-service';
import { CALLS } from './mesh.ts';
import { type Project, resources, templates, valuesOf } from './system.ts';

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

test.each(SERVICE_NAMES)(
  '%s comes after the services that it calls: it imports what they export, and no more',
  (service) => {
    const exported = CALLS[service].flatMap((called) => exportsOf(called));
    expect(exported).toEqual(CALLS[service].flatMap((called): string[] => Object.values(serviceExports(called))));
    expect(importsOf(service).sort()).toEqual(exported.sort());
  },
);

test.each(SERVICE_NAMES)('%s exports itself, so that any other may call it, and nothing else', (service) => {
  expect(exportsOf(service)).toEqual(Object.values(serviceExports(service)));
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

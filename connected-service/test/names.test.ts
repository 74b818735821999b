import {
  BASE_INFRA_PARAMETERS,
  IMAGE_REFERENCE_PATTERN,
  SERVICE_NAMES,
  serviceExports,
  serviceParameters,
} from '../src/names.ts';

const pattern = new RegExp(IMAGE_REFERENCE_PATTERN);
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

test('an image is a full reference by digest', () => {
  expect(pattern.test(`000000000000.dkr.ecr.eu-west-1.amazonaws.com/service-a@${digest}`)).toBe(true);
  expect(pattern.test(`localhost:5000/service-a@${digest}`)).toBe(true);
});

test.each(['service-a:latest', 'service-a', digest, `@${digest}`, `service-a@${digest}0`, 'service-a@sha256:abc'])(
  '%s is none',
  (reference) => {
    expect(pattern.test(reference)).toBe(false);
  },
);

test('no two names are the same, and each is one that AWS takes', () => {
  const parameters = [
    ...Object.values(BASE_INFRA_PARAMETERS),
    ...SERVICE_NAMES.flatMap((name) => Object.values(serviceParameters(name))),
  ] as string[];
  const exports: string[] = SERVICE_NAMES.flatMap((name) => Object.values(serviceExports(name)));
  expect(new Set([...parameters, ...exports]).size).toBe(parameters.length + exports.length);
  // https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
  for (const name of parameters) expect(name).toMatch(/^\/highlands(\/[a-z-]+){2}$/);
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html
  for (const name of exports) expect(name).toMatch(/^[A-Za-z0-9:-]+$/);
});

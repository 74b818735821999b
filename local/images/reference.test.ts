import { localRepository, parseReference } from './reference.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

test.each([
  ['nginx', 'docker.io/library/nginx', 'latest'],
  ['library/nginx:1.27', 'docker.io/library/nginx', '1.27'],
  ['localhost:5000/web:1', 'localhost-5000/web', '1'],
  ['public.ecr.aws/x/web:1', 'public.ecr.aws/x/web', '1'],
  [`111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web@${DIGEST}`, 'team/web', DIGEST],
  [`ghcr.io/x/web:1@${DIGEST}`, 'ghcr.io/x/web', DIGEST],
])('%s is %s in the local registry', (reference, repository, version) => {
  const parsed = parseReference(reference);
  expect([localRepository(parsed), parsed.version]).toEqual([repository, version]);
});

test.each(['', 'Web', 'web:', 'web@sha256:1', 'a//b', 'web:1:2'])('"%s" is no reference', (reference) => {
  expect(() => parseReference(reference)).toThrow(`image "${reference}" is no reference: give`);
});

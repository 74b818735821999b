import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImageDefinition } from './build.ts';

const docker = join(import.meta.dirname, '../../docker');
const definition = ImageDefinition.parse(JSON.parse(readFileSync(join(docker, 'image.json'), 'utf8')));
/** The last stage, an instruction a line. */
const stage = readFileSync(join(docker, 'Dockerfile'), 'utf8')
  .split(/^FROM /m)
  .at(-1)
  ?.split('\n')
  .slice(1)
  .filter((line) => line !== '' && !line.startsWith('#'));
const all = (instruction: string): string[] =>
  (stage ?? []).filter((line) => line.startsWith(`${instruction} `)).map((line) => line.slice(instruction.length + 1));

test('the last stage of the Dockerfile is what docker/image.json says', () => {
  expect(readFileSync(join(docker, 'Dockerfile'), 'utf8')).toMatch(/^FROM scratch$/m);
  expect(all('USER')).toEqual([definition.user]);
  expect(all('WORKDIR')).toEqual([definition.workingDir]);
  expect(all('EXPOSE')).toEqual(definition.exposedPorts);
  expect(all('ENTRYPOINT').map((text) => JSON.parse(text) as unknown)).toEqual([definition.entrypoint]);
  expect(
    Object.fromEntries(
      all('LABEL').map((text) => [
        text.slice(0, text.indexOf('=')),
        JSON.parse(text.slice(text.indexOf('=') + 1)) as unknown,
      ]),
    ),
  ).toEqual(definition.labels);
});

test('it copies nothing but the binary, to where the definition has it, with the same mode and owner', () => {
  expect(all('COPY')).toEqual([`--from=builder --chown=0:0 --chmod=0555 /service ${definition.binary}`]);
  expect(all('ADD')).toEqual([]);
  expect(all('RUN')).toEqual([]);
});

test('the bake file is for this machine alone: ECR has generated names, and takes a tag once', () => {
  const bake = readFileSync(join(docker, 'docker-bake.hcl'), 'utf8');
  expect(bake.match(/^ *tags .*$/gm)).toEqual(['  tags       = ["${service}:latest"]']);
  const ways = readFileSync(join(docker, 'README.md'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('| `Dockerfile` |'));
  expect(ways.filter((line) => line.includes('AWS') && line.includes('bake'))).toEqual([]);
});

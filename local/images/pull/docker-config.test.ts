import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentialsFor } from './docker-config.ts';

const directory = mkdtempSync(join(tmpdir(), 'docker-config-'));
const before = process.env['PATH'] ?? '';
beforeAll(() => {
  process.env['PATH'] = `${directory}:${before}`;
});
afterAll(() => {
  process.env['PATH'] = before;
  rmSync(directory, { recursive: true });
});

async function noteOf(name: string, ...lines: string[]): Promise<string | undefined> {
  const program = join(directory, `docker-credential-${name}`);
  writeFileSync(program, ['#!/bin/sh', 'cat >/dev/null', ...lines, ''].join('\n'));
  chmodSync(program, 0o755);
  const file = join(directory, 'config.json');
  writeFileSync(file, JSON.stringify({ credsStore: name }));
  return (await credentialsFor('registry.example', file)).note;
}

test('the complaint about a helper that fails leaves out its output, which may be a secret', async () => {
  const secret = 'echo \'{"Username": "me", "Secret": "word"}\'';
  const named = 'docker-credential-odd, which the Docker configuration names,';
  expect(await noteOf('odd', secret, 'echo no session >&2', 'exit 1')).toBe(`${named} failed (1): no session`);
  expect(await noteOf('odd', secret, 'exit 3')).toBe(`${named} failed (3)`);
});

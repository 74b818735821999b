import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wrapped } from './assemble.ts';
import { inOwnFolder } from './own-folder.ts';

const top = mkdtempSync(join(tmpdir(), 'own-folder-'));
afterAll(() => {
  rmSync(top, { recursive: true });
});

test('two templates of one name at once are two assemblies, and neither takes the other away', async () => {
  const parent = join(top, 'apps');
  const files = ['one', 'two'].map((text) => {
    const folder = mkdtempSync(join(top, 'given-'));
    const file = join(folder, 'same.json');
    writeFileSync(file, JSON.stringify({ Description: text, Resources: { A: { Type: 'AWS::ECS::Cluster' } } }));
    return file;
  });
  const assembled = await Promise.all(
    files.map((file) =>
      inOwnFolder(parent, async (folder) => {
        const { assembly } = wrapped(file, join(folder, '0'));
        // The other one's turn, in the middle of this one's.
        await new Promise((resolve) => setImmediate(resolve));
        return { assembly, text: readFileSync(join(assembly, 'same.template.json'), 'utf8') };
      }),
    ),
  );
  expect(assembled.map(({ text }) => (JSON.parse(text) as { Description: string }).Description)).toEqual([
    'one',
    'two',
  ]);
  expect(new Set(assembled.map(({ assembly }) => assembly)).size).toBe(2);
  expect(readdirSync(parent)).toEqual([]);
});

test('what fails leaves no folder, and only its own goes', async () => {
  await inOwnFolder(top, async (mine) => {
    await expect(inOwnFolder(top, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(existsSync(mine)).toBe(true);
  });
});

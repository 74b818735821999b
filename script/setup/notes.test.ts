import { evaluated } from './evaluated.ts';

const notes = (make: string, lines: readonly string[]): (string | null)[] =>
  evaluated('notes.mjs', `((read) => data.map((line) => read(line) ?? null))(m.${make})`, lines) as (string | null)[];

test("npm's files are counted, against those of the lockfile that are for this machine", () => {
  const packages = {
    '': { name: 'root' },
    a: { integrity: 'sha512-x' },
    'a/b': { integrity: 'sha512-x', os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
    mac: { integrity: 'sha512-x', os: ['darwin'] },
    musl: { integrity: 'sha512-x', libc: ['musl'] },
    local: { resolved: 'local', link: true },
  };
  const lock = JSON.stringify({ packages });
  expect(evaluated('notes.mjs', `m.packagesToFetch(data, { platform: 'linux', arch: 'x64' })`, lock)).toBe(2);
  expect(
    notes('npmNote(2)', [
      'npm http fetch GET 200 https://r/a 3ms (cache miss)',
      'npm http fetch GET 200 https://r/a/-/a-1.0.0.tgz 12ms (cache miss)',
      'npm http cache https://r/b/-/b-1.0.0.tgz 1ms (cache hit)',
      'added 2 packages in 1s',
    ]),
  ).toEqual([null, '1 of 2 packages', '2 packages, unpacking', null]);
});

test("pip's packages are counted, against those of the file", () => {
  const file = 'a==1 \\\n  --hash=sha256:0\nb[x]==2\n# c==3\n';
  expect(
    notes(`pipNote(${JSON.stringify(file)})`, [
      'Collecting a==1',
      '  Downloading a.whl (1 MB)',
      'Collecting b[x]==2',
      'Installing collected packages: b, a',
    ]),
  ).toEqual(['1 of 2: a', null, '2 of 2: b', 'unpacking 2 packages']);
});

test('the size is what the package manager says', () => {
  const apt =
    'Need to get 1,234 kB/84.3 MB of archives.\nAfter this operation, 301 MB of additional disk space will be used.';
  const dnf = 'Total download size: 1.2 M\nInstalled size: 3.4 M\n';
  const zypper =
    'Overall download size: 5.1 MiB. Already cached: 0 B. After the operation, additional 9.0 MiB will be used.';
  const said = [
    ['apt', apt],
    ['dnf', dnf],
    ['zypper', zypper],
    ['apk', 'OK'],
    ['apt', 'something else'],
  ];
  expect(evaluated('package-managers.mjs', 'data.map(([manager, text]) => m.sizeIn(text, manager))', said)).toEqual([
    '84.3 MB to fetch, 301 MB on the disk',
    '1.2 M to fetch, 3.4 M on the disk',
    '5.1 MiB to fetch, 9.0 MiB on the disk',
    '',
    '',
  ]);
});

test('a step that lasts is one line that changes on a terminal, and few lines elsewhere', () => {
  const shown = (isTTY: boolean): string =>
    evaluated(
      'progress.mjs',
      `((written) => {
        const progress = m.startProgress('packages', { isTTY: data, columns: 30, write: (text) => written.push(text) });
        progress.tell('1 of 2');
        progress.tell(undefined);
        progress.done();
        return written.join('');
      })([])`,
      isTTY,
    ) as string;
  expect(shown(true)).toMatch(/^\r\u001b\[K {2}… packages, 0 s\r\u001b\[K {2}✔ packages \(\d\.\d s\)\n$/);
  expect(shown(false)).toMatch(/^ {2}… packages\n {2}✔ packages \(\d\.\d s\)\n$/);
});

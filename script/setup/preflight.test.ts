import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The module is plain JavaScript for a machine without packages; it is asked in a process of its own. */
function complaints(facts: Record<string, unknown>): string[] {
  const module = join(__dirname, 'preflight.mjs');
  const script = `import(${JSON.stringify(module)}).then(({ complaints }) => console.log(JSON.stringify(complaints(JSON.parse(process.argv[1])))))`;
  return JSON.parse(
    execFileSync(process.execPath, ['-e', script, JSON.stringify(facts)], { encoding: 'utf8' }),
  ) as string[];
}

const FINE = { platform: 'linux', arch: 'x64', node: '20.19.0', python: '3.11', missing: [], namespaces: '' };

test('a machine that has everything hears nothing', () => {
  expect(complaints(FINE)).toEqual([]);
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ['an old Node', { node: '20.9.0' }, /^Node 20\.9\.0 is too old: install 20\.19/],
  ['an old Python', { python: '3.9' }, /^Python 3\.9 is too old: install 3\.10/],
  ['no Python', { python: 'not found' }, /^python3 with venv is missing/],
  ['no iptables', { missing: ['iptables-restore'] }, /^iptables-restore is missing: install the package iptables$/],
  ['no Rust', { missing: ['cargo'] }, /^cargo is missing: install Rust/],
  [
    'namespaces switched off',
    { namespaces: 'unshare: unshare failed: No space left on device' },
    /sysctl user\.max_user_namespaces/,
  ],
  [
    'namespaces refused',
    { namespaces: 'unshare: unshare failed: Operation not permitted' },
    /run as root \(sudo\), or on Ubuntu/,
  ],
  ['another processor', { arch: 'riscv64' }, /^processor riscv64 is not supported/],
  ['another system', { platform: 'darwin' }, /^the local region needs Linux/],
])('%s is one line with the remedy', (_, facts, line) => {
  const found = complaints({ ...FINE, ...facts });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(line);
});

test('everything that is missing is said at once', () => {
  expect(complaints({ ...FINE, node: '18.0.0', missing: ['ip', 'cargo'] })).toHaveLength(3);
});

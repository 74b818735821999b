import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluated } from './evaluated.ts';

interface Facts {
  readonly [name: string]: unknown;
}
interface Decision {
  readonly lines: string[];
  readonly install: string[];
}

const RUST = { cargo: '1.95.0', rustc: '1.95.0', rustup: true, offPath: false, wanted: '1.90', lacking: [] };
const RIGHTS = { refused: [], complaint: '' };
const FINE: Facts = {
  platform: 'linux',
  arch: 'x64',
  node: '20.19.0',
  python: '3.11',
  missing: [],
  rust: RUST,
  asRoot: true,
  container: false,
  capabilities: [],
  rights: RIGHTS,
  ports: [],
  disk: [],
  manager: 'apt',
  distribution: 'debian',
  mayInstall: 'root',
};

/** One process for all: each takes a good part of a second on a busy machine. */
const decideAll = (cases: readonly { facts: Facts; policy?: string; lacks?: readonly string[] }[]): Decision[] =>
  evaluated(
    'preflight.mjs',
    `import(${JSON.stringify(join(import.meta.dirname, 'needs.mjs'))}).then(({ NEEDS }) =>
      data.map(({ facts, policy, lacks = [] }) => m.decide({
        ...facts,
        ports: facts.ports.map((port) => ({ ...port, choose: (free) => 'npm start -- --port ' + free })),
        missing: NEEDS.filter(({ name }) => lacks.includes(name)).map((entry) => ({ ...entry, lack: (entry.every ?? [entry.name])[0] })),
      }, policy)))`,
    cases.map(({ facts, ...rest }) => ({ facts: { ...FINE, ...facts }, ...rest })),
  ) as Decision[];

const OBSTACLES: readonly [string, Facts, RegExp][] = [
  ['an old Node', { node: '18.19.0' }, /^Node 18\.19\.0 is too old: install 20\.19/],
  ['an old Python', { python: '3.9' }, /^Python 3\.9 is too old: install 3\.10/],
  [
    'no Rust',
    { rust: { ...RUST, cargo: undefined, rustc: undefined } },
    /^Rust \(cargo\) .* 1\.90 or newer: curl .*sh\.rustup\.rs/,
  ],
  ['no compiler beside cargo', { rust: { ...RUST, rustc: undefined } }, /^Rust \(rustc\) is missing/],
  [
    "Debian's Rust",
    { rust: { ...RUST, cargo: '1.65.0', rustc: '1.63.0', rustup: false } },
    /^Rust 1\.65\.0 is too old, 1\.90 or newer: curl .*sh\.rustup\.rs/,
  ],
  [
    'an old Rust of rustup',
    { rust: { ...RUST, rustc: '1.89.0' } },
    /^Rust 1\.89\.0 is too old, 1\.90 or newer: rustup update stable$/,
  ],
  [
    'a Rust that the shell does not know',
    { rust: { ...RUST, cargo: undefined, offPath: true } },
    /\. "\$HOME\/\.cargo\/env"$/,
  ],
  [
    'a Rust without clippy',
    { rust: { ...RUST, lacking: ['clippy', 'rustfmt'] } },
    /rustup component add clippy rustfmt$/,
  ],
  [
    'a port that is taken',
    { ports: [{ port: 8080, state: 'taken', free: 8082 }] },
    /^port 8080 is in use: free it, or choose another, npm start -- --port 8082$/,
  ],
  [
    "a port of root's",
    { ports: [{ port: 80, state: 'forbidden', free: 1024 }] },
    /^port 80 is for root only: choose another, npm start -- --port 1024$/,
  ],
  [
    'a full disk',
    { disk: [{ folder: '/home/me', freeMb: 900, neededMb: 2000 }] },
    /^\/home\/me has 0\.9 GB of free disk space, and 2\.0 GB are needed/,
  ],
  [
    'namespaces switched off',
    { rights: { refused: [], complaint: 'unshare: unshare failed: No space left on device' } },
    /sysctl user\.max_user_namespaces/,
  ],
  [
    'namespaces refused',
    { asRoot: false, rights: { refused: [], complaint: 'unshare: unshare failed: Operation not permitted' } },
    /run as root \(sudo\), or on Ubuntu/,
  ],
  ['a kernel without NAT', { rights: { refused: ['iptables'], complaint: '' } }, /^iptables has no effect/],
  [
    'a container without capabilities',
    {
      container: true,
      capabilities: ['NET_ADMIN', 'SYS_ADMIN'],
      rights: { refused: [], complaint: 'unshare: unshare failed: Operation not permitted' },
    },
    /^this container has too few rights \(CAP_NET_ADMIN, CAP_SYS_ADMIN\).*`docker run --cap-add NET_ADMIN --cap-add SYS_ADMIN --security-opt apparmor=unconfined`$/,
  ],
  [
    'a container with half of them',
    { container: true, capabilities: ['NET_ADMIN'], rights: { refused: ['forwarding'], complaint: '' } },
    /\(CAP_NET_ADMIN\): start it with `docker run --cap-add NET_ADMIN /,
  ],
  [
    'a container as a user',
    {
      container: true,
      asRoot: false,
      capabilities: ['SYS_ADMIN'],
      rights: { refused: ['proc', 'forwarding'], complaint: '' },
    },
    /--security-opt systempaths=unconfined`$/,
  ],
  [
    "a container's own files",
    { container: true, rights: { refused: ['overlay'], complaint: '' } },
    /put the clone on a volume/,
  ],
  ['another processor', { arch: 'riscv64' }, /^processor riscv64 is not supported/],
  ['another system', { platform: 'darwin', python: '3.9' }, /^the local region needs Linux/],
];

describe('what no package can mend', () => {
  const decisions = decideAll(OBSTACLES.map(([, facts]) => ({ facts })));
  test.each(OBSTACLES.map(([what, , line], index) => ({ what, line, index })))(
    '$what is one line with the remedy',
    ({ line, index }) => {
      expect(decisions[index]?.lines).toEqual([expect.stringMatching(line)]);
    },
  );
});

test('a machine that has everything hears nothing, and everything that is amiss is said at once, in one line each', () => {
  const facts = { node: '18.0.0', rust: { ...RUST, cargo: undefined } };
  const [fine, amiss] = decideAll([{ facts: {} }, { facts, lacks: ['iptables', 'curl'] }]);
  expect(fine).toEqual({ lines: [], install: [] });
  expect(amiss).toEqual({
    lines: [
      'iptables-restore is missing, for security groups: package iptables',
      'curl is missing, for requests as people send them: package curl',
      'to install: apt-get update && apt-get install -y --no-install-recommends iptables curl',
      expect.stringMatching(/^Node/),
      expect.stringMatching(/^Rust/),
    ],
    install: [],
  });
});

describe('packages', () => {
  const lacks = ['iproute2', 'a C linker that makes static programs'];
  test.each([
    ['apt', 'sudo apt-get update && sudo apt-get install -y --no-install-recommends iproute2 gcc libc6-dev'],
    ['dnf', 'sudo dnf install -y --setopt=install_weak_deps=False iproute gcc glibc-static'],
    ['apk', 'sudo apk add --no-cache iproute2 gcc musl-dev'],
    ['pacman', 'sudo pacman -Sy --needed --noconfirm iproute2 gcc'],
    ['zypper', 'sudo zypper --non-interactive install --no-recommends iproute2 gcc glibc-devel-static'],
  ])('of %s are the line to type without rights, and installed with them', (manager, line) => {
    const [asked, installed, never] = decideAll([
      { facts: { manager, mayInstall: 'none' }, lacks },
      { facts: { manager, mayInstall: 'sudo' }, lacks },
      { facts: { manager, mayInstall: 'sudo' }, lacks, policy: 'never' },
    ]);
    expect(asked?.lines.at(-1)).toBe(`to install: ${line}`);
    expect(asked?.install).toEqual([]);
    expect(installed?.lines).toEqual([]);
    expect(line.endsWith(` ${installed?.install.join(' ') ?? '-'}`)).toBe(true);
    expect(never).toEqual(asked);
  });

  test('an unknown package manager hears what to install', () => {
    const [decision] = decideAll([{ facts: { manager: undefined }, lacks: ['curl'] }]);
    expect(decision?.lines).toEqual([expect.stringMatching(/^curl is missing.*install it \(Debian: curl\)$/)]);
  });

  test("Ubuntu's Chromium is a snap, so it is asked for, and nothing else is installed behind it", () => {
    const [decision] = decideAll([{ facts: { distribution: 'ubuntu' }, lacks: ['Chromium', 'curl'] }]);
    expect(decision?.install).toEqual([]);
    expect(decision?.lines.join('\n')).toContain('HIGHLANDS_CHROMIUM=');
  });
});

test('Rust, the linker and Chromium are asked for only by those who need them', () => {
  const typed: [string, string[]][] = [
    ['up', []],
    ['up', ['--app', '../shop']],
    ['up', ['--template=t.yaml', '--port', '9090']],
    ['neighbours', []],
    ['publish', ['service-b']],
    ['test', []],
    ['status', []],
    ['up', ['--help']],
    ['save-image', ['service-a', 'out']],
    ['save-image', ['out', '--binary=server']],
    ['up', ['--app', '../shop', '--egress', 'host']],
    ['deploy', ['--egress=all']],
    ['deploy', ['--egress', 'none']],
  ];
  expect(evaluated('needs.mjs', 'data.map(([command, args]) => m.neededBy(command, args))', typed)).toEqual([
    ['region', 'services'],
    ['region'],
    ['region'],
    ['region', 'services'],
    ['services'],
    ['region', 'services', 'tests', 'egress'],
    [],
    [],
    ['services'],
    [],
    ['region', 'egress', 'tun'],
    ['egress', 'tun'],
    [],
  ]);
});

test('every need has a package for every package manager, or says what else to do', () => {
  const names = evaluated(
    'needs.mjs',
    'm.NEEDS.filter(({ packages, otherwise }) => !otherwise && data.some((manager) => !packages[manager])).map(({ name }) => name)',
    ['apt', 'dnf', 'apk', 'pacman', 'zypper'],
  ) as string[];
  expect(names).toEqual([]);
});

test("capabilities are read from the process's status", () => {
  const of = (capEff: string): string[] =>
    evaluated('look-around.mjs', 'm.lackingCapabilities(data)', `Name:\tx\nCapEff:\t${capEff}\n`) as string[];
  expect(of('000001ffffffffff')).toEqual([]);
  // Docker's own.
  expect(of('00000000a80425fb')).toEqual(['NET_ADMIN', 'SYS_PTRACE', 'SYS_ADMIN']);
});

test('the disk is added up by file system, of what is not there yet and is needed', () => {
  const all = [
    { of: 'region', place: '/a', mb: 1 },
    { of: 'region', place: '/b', mb: 10 },
    { of: 'services', place: '/b2', mb: 100 },
    { of: 'tests', place: '/a2', mb: 1000 },
    { of: 'region', place: '/there', mb: 10_000 },
  ];
  const look = `{ exists: (place) => place === '/there', look: (place) => ({ fileSystem: place[1], folder: '/' + place[1], freeMb: 5 }) }`;
  expect(evaluated('disk.mjs', `m.diskSpace(['region', 'services'], data, ${look})`, all)).toEqual([
    { folder: '/a', freeMb: 5, neededMb: 1 },
    { folder: '/b', freeMb: 5, neededMb: 110 },
  ]);
});

test('a free port is one that is really free, and not one that the region takes itself', () => {
  const taken = '(port) => (data.includes(port) ? "taken" : "free")';
  expect(evaluated('ports.mjs', `m.freeAfter(8080, [8081, 4566], ${taken})`, [8080, 8082])).toBe(8083);
  expect(evaluated('ports.mjs', `m.freeAfter(65535, [], ${taken})`, [])).toBeNull();
});

test('the ports are those that were typed', () => {
  const defaults = { front: 8080, console: 8081, endpoint: 4566 };
  const ports = evaluated(
    'asked-ports.mjs',
    'data.map(([command, ...args]) => m.askedPorts(command, args, ' +
      JSON.stringify(defaults) +
      ').map((p) => [p.port, p.reserved, p.choose(1)]))',
    [
      ['up'],
      ['up', '--port', '9090', '--console-port=9091', '--app', 'x'],
      ['up', '--port', 'nine'],
      ['status'],
      ['neighbours', '--port=9'],
    ],
  );
  expect(ports).toEqual([
    [[8080, [8081, 4566], '`npm start -- --port 1`']],
    [
      [9090, [9091, 4566], '`npm start -- --port 1`'],
      [9091, [9090, 4566], '`npm start -- --console-port 1`'],
    ],
    [],
    [],
    [[9, [8081, 4566], '`npm run neighbours -- --port 1`']],
  ]);
});

test('Node says that it is too old before it reads anything that an old one can not read', () => {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of ['start', 'stop', 'highlands', 'neighbours', 'test'])
    expect(scripts[name]).toMatch(/^node -r \.\/script\/setup\/node-version\.cjs /);
  // What came after 2015 in the language, which Node 12 and older ones refuse before they run a line.
  expect(readFileSync(join(import.meta.dirname, 'node-version.cjs'), 'utf8')).not.toMatch(
    /\?\.|\?\?|=>|`|import |await /,
  );
});

/**
 * What the project needs of a machine beside Node and Rust, one entry each: whatever looks for it, installs it or asks for it
 * reads it here and nowhere else.
 *
 * An entry is there when every command of `every` is, or when the check of that name in look-around.mjs
 * passes. `of` says who needs it: a `region`, its `egress` (with a `tun`), the build of our own `services`, or the `tests`. A package manager without an
 * entry in `packages` has no package for it.
 */

/** The same package everywhere, but for the managers that call it something else. */
const called = (name, others = {}) => ({ apt: name, dnf: name, apk: name, pacman: name, zypper: name, ...others });

export const NEEDS = [
  {
    name: 'python3 with venv',
    check: 'venv',
    of: 'region',
    why: "the control plane's environment",
    packages: called('python3', { apt: 'python3-venv', pacman: 'python' }),
  },
  {
    name: 'iproute2',
    every: ['ip'],
    of: 'region',
    why: 'the networks of tasks',
    packages: called('iproute2', { dnf: 'iproute' }),
  },
  {
    name: 'iptables',
    every: ['iptables-restore'],
    of: 'region',
    why: 'security groups',
    packages: called('iptables', { dnf: 'iptables-nft' }),
  },
  {
    name: 'util-linux',
    every: ['unshare', 'nsenter', 'setpriv', 'prlimit', 'mount'],
    of: 'region',
    why: 'the namespaces of tasks',
    packages: called('util-linux', { apt: 'util-linux mount', apk: 'util-linux util-linux-misc setpriv' }),
  },
  { name: 'runc', check: 'runtime', of: 'region', why: 'containers', packages: called('runc') },
  { name: 'curl', every: ['curl'], of: 'region', why: 'requests as people send them', packages: called('curl') },
  {
    name: 'a C linker that makes static programs',
    check: 'linker',
    of: 'services',
    why: 'the last step of a Rust build',
    packages: called('gcc', {
      apt: 'gcc libc6-dev',
      dnf: 'gcc glibc-static',
      apk: 'gcc musl-dev',
      zypper: 'gcc glibc-devel-static',
    }),
  },
  {
    name: 'slirp4netns',
    every: ['slirp4netns'],
    of: 'egress',
    why: 'the way out of tasks',
    packages: called('slirp4netns'),
  },
  {
    name: '/dev/net/tun',
    check: 'tun',
    // The tests that need it say that they were left out.
    of: 'tun',
    why: 'the way out of tasks',
    packages: {},
    otherwise: 'sudo modprobe tun, and sudo chmod 666 /dev/net/tun for a user; in a container --device /dev/net/tun',
  },
  { name: 'git', every: ['git'], of: 'tests', why: 'the list of files of the tree', packages: called('git') },
  { name: 'bash', every: ['bash'], of: 'tests', why: 'the commands of the documents', packages: called('bash') },
  {
    name: 'hostname',
    every: ['hostname'],
    of: 'tests',
    why: 'the addresses of a task',
    packages: called('hostname', { apk: 'net-tools', pacman: 'inetutils' }),
  },
  {
    name: 'a registry',
    check: 'registry',
    of: 'tests',
    step: 'jest',
    why: 'the tests that pull images',
    // Debian's package would start a service, and is unpacked into the state folder instead: script/setup/registry.mjs.
    packages: {},
    otherwise:
      'install a registry (https://distribution.github.io/distribution/), or set HIGHLANDS_REGISTRY=/path/to/registry',
  },
  {
    name: 'Chromium',
    check: 'chromium',
    of: 'tests',
    step: 'console',
    why: "the tests of the console's page",
    packages: called('chromium'),
    // Ubuntu's package is a snap, which starts for a logged-in user only: https://ubuntu.com/blog/chromium-in-ubuntu-deb-to-snap-transition
    otherwise: 'install Google Chrome (https://www.google.com/chrome), or set HIGHLANDS_CHROMIUM=/path/to/chromium',
    notOn: ['ubuntu'],
  },
];

/** Who needs what, by the command that is typed. */
const REGION = ['region'];
const OURS = ['region', 'services'];
const ALL = ['region', 'services', 'tests', 'egress'];

/** Whether the command line opens something: `--egress none` does not. */
const opens = (args) =>
  args.some((arg, at) => /^--egress=(?!none$)/.test(arg) || (arg === '--egress' && args[at + 1] !== 'none'));

/** @returns the `of` of the entries that a command needs; empty for what only looks at what runs, or ends it */
export function neededBy(command, args) {
  if (args.includes('--help') || args.includes('-h')) return [];
  const others = args.some((arg) => /^--(app|template)(=|$)/.test(arg));
  if (command === 'test') return ALL;
  const egress = opens(args) ? ['egress', 'tun'] : [];
  if (command === 'up') return [...(others ? REGION : OURS), ...egress];
  if (command === 'deploy') return egress;
  if (command === 'neighbours') return args.includes('--list') ? [] : OURS;
  // Files of one's own are built already.
  if (command === 'save-image') return args.some((arg) => /^--(binary|rootfs)(=|$)/.test(arg)) ? [] : ['services'];
  return command === 'publish' ? ['services'] : [];
}

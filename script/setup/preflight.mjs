/** What is in the way on a machine, one line with its remedy for each thing: pure, from the facts of look-around.mjs. */
import nodeVersion from './node-version.cjs';
import { lineToType, packagesFor } from './package-managers.mjs';
import { portComplaint } from './ports.mjs';

/** As in local/control-plane/pyproject.toml. */
const PYTHON = '3.10';
const RUSTUP = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh";

const atLeast = (version, wanted) => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
};

/** @returns what no package of the distribution can mend */
function obstacles(facts) {
  if (facts.platform !== 'linux')
    return [`the local region needs Linux, this is ${facts.platform}: use WSL2, a virtual machine or a devcontainer`];
  const old = facts.python !== '' && !atLeast(facts.python, PYTHON);
  return [
    ...(['x64', 'arm64'].includes(facts.arch) ? [] : [`processor ${facts.arch} is not supported: use x86_64 or arm64`]),
    ...[nodeVersion.complaintOf(facts.node)].filter((line) => line !== undefined),
    ...(old ? [`Python ${facts.python} is too old: install ${PYTHON} or newer, as python3`] : []),
    ...rustObstacles(facts.rust),
    ...rightsObstacles(facts),
    ...facts.ports.map(portComplaint).filter((line) => line !== undefined),
    ...facts.disk
      .filter(({ freeMb, neededMb }) => freeMb < neededMb)
      .map(
        ({ folder, freeMb, neededMb }) =>
          `${folder} has ${gigabytes(freeMb)} of free disk space, and ${gigabytes(neededMb)} are needed: make room, or move the clone`,
      ),
  ];
}

const gigabytes = (mb) => `${(mb / 1000).toFixed(1)} GB`;

function rustObstacles(rust) {
  if (rust === undefined) return [];
  const have = [rust.cargo, rust.rustc];
  if (have.includes(undefined)) {
    const remedy = rust.offPath ? 'it is installed, but not on the PATH: . "$HOME/.cargo/env"' : RUSTUP;
    return [`Rust (${rust.cargo === undefined ? 'cargo' : 'rustc'}) is missing, ${rust.wanted} or newer: ${remedy}`];
  }
  const tooOld = have.find((version) => !atLeast(version, rust.wanted));
  if (tooOld !== undefined)
    return [`Rust ${tooOld} is too old, ${rust.wanted} or newer: ${rust.rustup ? 'rustup update stable' : RUSTUP}`];
  if (rust.lacking.length === 0) return [];
  return [`Rust lacks ${rust.lacking.join(' and ')}: rustup component add ${rust.lacking.join(' ')}`];
}

/** For a user: without masked paths a new /proc can be mounted, https://docs.docker.com/reference/cli/docker/container/run/#security-opt */
const CONTAINER_AS_USER =
  'docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined';
/** AppArmor's profile for containers refuses mounts, whatever the capabilities: https://docs.docker.com/engine/security/apparmor/ */
const containerAsRoot = (capabilities) =>
  ['docker run', ...capabilities.map((name) => `--cap-add ${name}`), '--security-opt apparmor=unconfined'].join(' ');

/** What the words of rights.sh mean. */
const REFUSED = {
  proc: "/proc can't be mounted",
  forwarding: "packets can't be forwarded (/proc/sys is read-only)",
  network: "a network of its own can't be made",
  veth: "virtual network cards (veth) can't be made",
  iptables: 'iptables has no effect: the kernel lacks conntrack, NAT or addrtype',
  overlay: "overlay can't be mounted on the file system of the state folder",
};

function rightsObstacles({ rights, asRoot, container, capabilities }) {
  if (rights === undefined) return [];
  const lacking = asRoot ? capabilities : [];
  const { complaint, refused } = rights;
  if (complaint === '' && refused.length === 0 && lacking.length === 0) return [];
  if (container) {
    const remedy = asRoot ? containerAsRoot(lacking) : CONTAINER_AS_USER;
    const what = [
      ...lacking.map((name) => `CAP_${name}`),
      ...(complaint === '' || lacking.length > 0 ? [] : ['namespaces']),
      ...(lacking.length > 0 ? [] : refused.filter((word) => word !== 'overlay').map((word) => REFUSED[word])),
    ];
    return [
      ...(what.length === 0
        ? []
        : [`this container has too few rights (${what.join(', ')}): start it with \`${remedy}\``]),
      // An overlay on an overlay, which is what most containers' own files lie on.
      ...(refused.includes('overlay') && lacking.length === 0
        ? [`${REFUSED.overlay}: put the clone on a volume, \`docker run --volume highlands:/highlands\``]
        : []),
    ];
  }
  if (lacking.length > 0)
    return [`root lacks ${lacking.map((name) => `CAP_${name}`).join(', ')} here: run as a root that has them`];
  if (complaint === '')
    return refused.map((word) => `${REFUSED[word]}: ${asRoot ? 'the kernel has to offer it' : 'run as root (sudo)'}`);
  return [namespaceComplaint(complaint)];
}

function namespaceComplaint(said) {
  if (said.includes('No space left on device'))
    return 'namespaces are switched off here: run `sudo sysctl user.max_user_namespaces=10000`, or run as root';
  if (/not permitted|Permission denied/i.test(said)) {
    return 'this user may not make namespaces: run as root (sudo), or on Ubuntu `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`';
  }
  return `namespaces can't be made here (${said}): run as root`;
}

/** @returns a line for each thing that is not there, and the one line to type that installs what can be */
function lackLines(facts) {
  const { missing, manager } = facts;
  const packages = manager === undefined ? [] : packagesFor(missing, facts);
  return [
    ...missing.map((entry) => {
      const found = manager === undefined ? [] : packagesFor([entry], facts);
      const remedy =
        found.length > 0
          ? `package ${found.join(' ')}`
          : (entry.otherwise ?? `install it (Debian: ${entry.packages.apt})`);
      return `${entry.lack} is missing, for ${entry.why}: ${remedy}`;
    }),
    ...(packages.length === 0 ? [] : [`to install: ${lineToType(packages, { manager, rights: facts.mayInstall })}`]),
  ];
}

/** `install` is what can be installed at once: only where nothing else is in the way, and everything that is missing is a package. */
export function decide(facts, policy) {
  const found = obstacles(facts);
  const packages = facts.manager === undefined ? [] : packagesFor(facts.missing, facts);
  const byHand = facts.missing.some((entry) => facts.manager === undefined || packagesFor([entry], facts).length === 0);
  const may = policy !== 'never' && facts.mayInstall !== 'none';
  if (facts.platform === 'linux' && packages.length > 0 && found.length === 0 && !byHand && may)
    return { lines: [], install: packages };
  return { lines: facts.platform === 'linux' ? [...lackLines(facts), ...found] : found, install: [] };
}

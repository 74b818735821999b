/** Looks at the machine and decides nothing: the facts that preflight.mjs decides on. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';
import { findRegistry } from './registry.mjs';
import { diskSpace, parts } from './disk.mjs';
import { NEEDS } from './needs.mjs';
import { MANAGERS } from './package-managers.mjs';
import { lookAtPort } from './ports.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
/** Each look takes milliseconds; what hangs, as a wrapper that downloads something may, is as good as not there. */
const AT_MOST_MS = 20_000;

const run = (command, args, cwd) => {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: AT_MOST_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { ok: status === 0, stdout: (stdout ?? '').trim(), output: `${stdout ?? ''}${stderr ?? ''}`.trim() };
};
const there = (command) => run('sh', ['-c', `command -v ${command}`]).ok;
const textOf = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** @param scratch a folder for what is tried out */
const checks = (scratch) => ({
  // Debian's python3 has venv without ensurepip, with which a venv can't be made.
  venv: () => run('python3', ['-c', 'import venv, ensurepip']).ok,
  // The services are static, so the C library has to be there as an archive too.
  linker: () =>
    run('sh', ['-c', `echo 'int main(void) { return 0; }' | cc -x c -static -o '${join(scratch, 'static')}' -`]).ok,
  // Where an OCI runtime lies a user's PATH may not reach.
  runtime: () =>
    run('sh', ['-c', 'PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"; command -v runc || command -v crun']).ok,
  // Opened for reading and writing, as slirp4netns does: it may be there, and its module not.
  tun: () => run('sh', ['-c', ': <>/dev/net/tun']).ok,
  chromium: () => findChromium() !== undefined,
  registry: () => findRegistry() !== undefined || there('apt-get'),
});

/** @returns what of an entry is not there, by name; undefined when nothing is */
function lackOf({ name, every, check }, passes) {
  if (check !== undefined) return passes[check]() ? undefined : name;
  const lacking = every.filter((command) => !there(command));
  return lacking.length === 0 ? undefined : lacking.join(', ');
}

function rustFacts(root, wanted) {
  const workspace = join(root, 'services-rust');
  // Within the workspace: rustup may have another toolchain for it.
  const version = (...command) => /\d+\.\d+\.\d+/.exec(run(command[0], command.slice(1), workspace).stdout)?.[0];
  const components = wanted.includes('tests')
    ? [
        { name: 'clippy', command: ['cargo', 'clippy', '--version'] },
        { name: 'rustfmt', command: ['cargo', 'fmt', '--version'] },
      ]
    : [];
  return {
    // Cargo and the compiler are two programs, and a distribution may lack one.
    cargo: version('cargo', '--version'),
    rustc: version('rustc', '--version'),
    rustup: there('rustup'),
    // Of an installation that this shell does not know yet.
    offPath: existsSync(join(homedir(), '.cargo/bin/cargo')),
    wanted: /^rust-version = "(.*)"/m.exec(textOf(join(workspace, 'Cargo.toml')))?.[1] ?? '',
    lacking: components
      .filter(({ command }) => !run(command[0], command.slice(1), workspace).ok)
      .map(({ name }) => name),
  };
}

/** Bits of linux/capability.h that a region as root needs; what Docker gives by itself is in it for those who drop it. */
const CAPABILITIES = {
  CHOWN: 0,
  DAC_OVERRIDE: 1,
  FOWNER: 3,
  KILL: 5,
  SETGID: 6,
  SETUID: 7,
  SETPCAP: 8,
  NET_BIND_SERVICE: 10,
  NET_ADMIN: 12,
  SYS_CHROOT: 18,
  // Entering a container whose process is another user's, as its health check does: ptrace(2), PTRACE_MODE_READ.
  SYS_PTRACE: 19,
  SYS_ADMIN: 21,
  SETFCAP: 31,
};

/** @param status content of /proc/self/status */
export function lackingCapabilities(status) {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (effective === undefined) return [];
  const bits = BigInt(`0x${effective}`);
  return Object.entries(CAPABILITIES)
    .filter(([, bit]) => ((bits >> BigInt(bit)) & 1n) === 0n)
    .map(([name]) => name);
}

/** A folder in the state, whose file system the region will work on; or a temporary one where that can't be written. */
function scratchIn(state) {
  try {
    mkdirSync(state, { recursive: true });
    return mkdtempSync(join(state, 'preflight-'));
  } catch {
    return mkdtempSync(join(tmpdir(), 'highlands-preflight-'));
  }
}

function rightsFacts(root, scratch) {
  const { ok, output } = run('sh', [join(HERE, 'rights.sh'), scratch, ...(root ? [] : ['-U', '-r'])]);
  return { refused: ok && output !== '' ? output.split(/\s+/) : [], complaint: ok ? '' : output };
}

/**
 * @param wanted who needs something, as in needs.mjs
 * @param ports as lookAtPort takes them
 * @param steps of the tests, those that will run; all of them when empty
 */
export async function lookAround({ root, state, wanted, ports, steps = [] }) {
  const asRoot = process.getuid?.() === 0;
  const scratch = scratchIn(state);
  try {
    const passes = checks(scratch);
    const { ID: distribution = '' } = Object.fromEntries(
      [...textOf('/etc/os-release').matchAll(/^(\w+)="?(.*?)"?$/gm)].map(([, key, value]) => [key, value]),
    );
    return {
      platform: process.platform,
      arch: process.arch,
      node: process.versions.node,
      // Empty when there is none: that is one of `missing`.
      python: run('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']).stdout,
      missing: NEEDS.filter(({ of, step }) => wanted.includes(of) && (!step || !steps.length || steps.includes(step)))
        .map((entry) => ({ ...entry, lack: lackOf(entry, passes) }))
        .filter(({ lack }) => lack !== undefined),
      rust: wanted.includes('services') ? rustFacts(root, wanted) : undefined,
      asRoot,
      // What container engines leave for those inside: Docker, Podman, and systemd's interface for others.
      container: existsSync('/.dockerenv') || existsSync('/run/.containerenv') || process.env.container !== undefined,
      capabilities: lackingCapabilities(textOf('/proc/self/status')),
      rights: wanted.includes('region') && there('unshare') ? rightsFacts(asRoot, scratch) : undefined,
      ports: await Promise.all(ports.map(lookAtPort)),
      disk: diskSpace(wanted, parts({ root, state })),
      manager: Object.keys(MANAGERS).find((name) => there(MANAGERS[name].command)),
      distribution,
      mayInstall: asRoot ? 'root' : there('sudo') && run('sudo', ['-n', 'env', 'true']).ok ? 'sudo' : 'none',
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

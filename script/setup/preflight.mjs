/** What a machine needs to run the local region, and one line with the remedy for each thing that it lacks. */
import { spawnSync } from 'node:child_process';

const run = (command, ...args) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  return { ok: status === 0, there: error === undefined, output: `${stdout ?? ''}${stderr ?? ''}`.trim() };
};

/** Looks at the machine; decides nothing. */
export function lookAround() {
  const rootless = process.getuid?.() !== 0;
  const namespaces = run('unshare', ...(rootless ? ['-U', '-r'] : []), '-n', '-m', '-p', '--fork', 'true');
  const there = (command) => run('sh', '-c', `command -v ${command}`).ok;
  return {
    platform: process.platform,
    arch: process.arch,
    node: process.versions.node,
    python: run('python3', '-c', 'import sys, ensurepip; print("%d.%d" % sys.version_info[:2])').output,
    missing: ['cargo', 'ip', 'iptables-restore', 'unshare', 'nsenter', 'setpriv', 'curl'].filter(
      (command) => !there(command),
    ),
    namespaces: namespaces.ok ? '' : namespaces.output,
  };
}

const PACKAGES = {
  cargo: 'install Rust from https://rustup.rs',
  ip: 'install the package iproute2',
  'iptables-restore': 'install the package iptables',
  unshare: 'install the package util-linux',
  nsenter: 'install the package util-linux',
  setpriv: 'install the package util-linux',
  curl: 'install the package curl',
};

const atLeast = (version, wanted) => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
};

/** One line for each thing that is in the way; empty when nothing is. */
export function complaints(facts) {
  const lines = [];
  if (facts.platform !== 'linux')
    return [`the local region needs Linux, this is ${facts.platform}: use WSL2, a virtual machine or a devcontainer`];
  if (!['x64', 'arm64'].includes(facts.arch))
    lines.push(`processor ${facts.arch} is not supported: use x86_64 or arm64`);
  // 20.19 is the first that loads ES modules from everywhere without a flag.
  if (!atLeast(facts.node, '20.19'))
    lines.push(`Node ${facts.node} is too old: install 20.19 or newer from https://nodejs.org`);
  if (!/^\d+\.\d+$/.test(facts.python))
    lines.push('python3 with venv is missing: install Python 3.10 or newer (Debian: python3-venv)');
  else if (!atLeast(facts.python, '3.10')) lines.push(`Python ${facts.python} is too old: install 3.10 or newer`);
  for (const command of facts.missing) lines.push(`${command} is missing: ${PACKAGES[command]}`);
  if (facts.namespaces !== '' && !facts.missing.includes('unshare')) lines.push(namespaceComplaint(facts.namespaces));
  return lines;
}

function namespaceComplaint(said) {
  if (said.includes('No space left on device'))
    return 'namespaces are switched off here: run `sudo sysctl user.max_user_namespaces=10000`, or run as root';
  if (/not permitted|Permission denied/i.test(said)) {
    return 'this user may not make namespaces: run as root (sudo), or on Ubuntu `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`';
  }
  return `namespaces can't be made here (${said}): run as root`;
}

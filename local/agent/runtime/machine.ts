/** Looks at what this machine gives containers. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { machineArchitecture } from '../../images/oci.ts';
import { cgroupName } from '../../region/cgroup-name.ts';
import type { Cgroups, Machine } from '../core/oci/machine.ts';
import type { CpuQuota } from '../core/oci/resources.ts';
import { ceilingOf } from '../core/oci/rlimits.ts';

const CGROUPS = '/sys/fs/cgroup';
const LIMITING = ['cpu', 'memory', 'pids'];
/** https://man7.org/linux/man-pages/man7/capabilities.7.html: CAP_SYS_RESOURCE */
const SYS_RESOURCE = 24n;

/** @param regionId names the region's cgroups, so that regions side by side keep apart */
export function lookAtMachine(rootless: boolean, regionId: string): Machine {
  return {
    architecture: machineArchitecture(),
    kernel: release(),
    rootless,
    ceiling: ceilingOf(
      readFileSync('/proc/self/limits', 'utf8'),
      !rootless && mayRaiseLimits(readFileSync('/proc/self/status', 'utf8')),
      Number(readFileSync('/proc/sys/fs/nr_open', 'utf8')),
    ),
    cgroups: rootless ? undefined : makeCgroups(cgroupName(regionId)),
  };
}

function mayRaiseLimits(status: string): boolean {
  const [, effective = '0'] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return ((BigInt(`0x${effective}`) >> SYS_RESOURCE) & 1n) === 1n;
}

/** Every cgroup of that name: version 2 has one tree, version 1 one for each controller. */
function directoriesOf(name: string): string[] {
  const trees = existsSync(CGROUPS) ? readdirSync(CGROUPS).map((tree) => join(CGROUPS, tree)) : [];
  return [CGROUPS, ...trees].map((tree) => join(tree, name)).filter((directory) => existsSync(directory));
}

/** Tries, because nothing else tells: a container that the region runs in may have cgroups that can only be looked at. */
function makeCgroups(name: string): Cgroups | undefined {
  for (const directory of directoriesOf(name)) removeBelow(directory);
  try {
    return { parent: `/${name}`, controllers: existsSync(join(CGROUPS, 'cgroup.controllers')) ? two(name) : one(name) };
  } catch {
    return undefined;
  }
}

/** https://docs.kernel.org/admin-guide/cgroup-v2.html#controlling-controllers */
function two(name: string): string[] {
  mkdirSync(join(CGROUPS, name), { recursive: true });
  for (const controller of LIMITING) {
    try {
      writeFileSync(join(CGROUPS, 'cgroup.subtree_control'), `+${controller}`);
    } catch {
      // Not there, or not ours to give.
    }
  }
  const given = readFileSync(join(CGROUPS, name, 'cgroup.controllers'), 'utf8')
    .trim()
    .split(' ');
  return LIMITING.filter((controller) => given.includes(controller));
}

/** @throws Error without the controller of devices: a container must not reach one that it makes */
function one(name: string): string[] {
  mkdirSync(join(CGROUPS, 'devices', name), { recursive: true });
  return LIMITING.filter((controller) => {
    try {
      if (!existsSync(join(CGROUPS, controller))) return false;
      mkdirSync(join(CGROUPS, controller, name), { recursive: true });
      return true;
    } catch {
      return false;
    }
  });
}

/** Says how much of the processors a container may use from now on; one that just ended has no cgroup any more. */
export async function limitCpu({ parent }: Cgroups, id: string, { quota, period }: CpuQuota): Promise<void> {
  const [one, two] = [join(CGROUPS, 'cpu', parent, id, 'cpu.cfs_quota_us'), join(CGROUPS, parent, id, 'cpu.max')];
  const write = existsSync(two) ? writeFile(two, `${String(quota)} ${String(period)}`) : writeFile(one, String(quota));
  await write.catch(() => undefined);
}

/** What containers of an agent that was killed left. */
function removeBelow(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    removeBelow(join(directory, entry.name));
    try {
      rmdirSync(join(directory, entry.name));
    } catch {
      // Somebody is still in it; its name is not used again.
    }
  }
}

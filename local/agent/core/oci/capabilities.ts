/** The capabilities of a container on Fargate: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html */
import { MAY_BE_ADDED } from '../../../aws-shapes/task-definition.ts';
import type { OciCapabilities } from './config.ts';

/** Docker's: https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities */
const DEFAULT = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

export interface CapabilityChanges {
  readonly add: readonly string[];
  readonly drop: readonly string[];
}

/**
 * What the kernel calls them; first taken away, then added, as Docker does.
 * @param devicesGuarded whether a device that a container makes stays closed to it; else it may make none
 */
export function capabilityNames({ add, drop }: CapabilityChanges, devicesGuarded: boolean): string[] {
  const dropped = drop.map(plain);
  const kept = dropped.includes('ALL') ? [] : DEFAULT.filter((name) => !dropped.includes(name));
  const added = add.map(plain).filter((name) => MAY_BE_ADDED.some((one) => one === name) && !kept.includes(name));
  return [...kept, ...added].filter((name) => name !== 'MKNOD' || devicesGuarded).map((name) => `CAP_${name}`);
}

/** Docker takes both `NET_RAW` and `CAP_NET_RAW`. */
const plain = (name: string): string => name.toUpperCase().replace(/^CAP_/, '');

/** The sets of a process: what root has from the start others may only ever get, and with no new privileges never do. */
export function capabilitySets(names: readonly string[], uid: number): OciCapabilities {
  const held = uid === 0 ? names : [];
  return { bounding: names, effective: held, permitted: held, inheritable: [], ambient: [] };
}

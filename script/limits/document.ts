/** The tables of docs/limits.md that come from measurements, and what follows from them by arithmetic. */
import { markdownTable } from '../markdown.ts';
import type { Measurement } from './measure.ts';
import type { Size } from './mesh.ts';

/** What is measured, the smallest first. More than a hundred thousand endpoints are more than Cloud Map takes. */
export const SIZES: readonly Size[] = [
  ...[2, 10, 100, 1000].map((tasks) => ({ services: 3, tasks })),
  ...[10, 100, 1000].map((tasks) => ({ services: 100, tasks })),
];
const BEYOND: readonly Size[] = [
  { services: 1000, tasks: 100 },
  { services: 1000, tasks: 1000 },
];

/** Bytes of a proxy: what it has anyway, for each service and for each task in the namespace. */
export interface Parts {
  readonly base: number;
  readonly service: number;
  readonly task: number;
}

/** From three corners of what was measured. @throws Error when one of them is missing */
export function partsOf(measured: readonly Measurement[], bytes: (one: Measurement) => number): Parts {
  const at = (services: number, tasks: number): number => {
    const found = measured.find(({ size }) => size.services === services && size.tasks === tasks);
    if (found === undefined) throw new Error(`nothing was measured for ${String(services)} x ${String(tasks)}`);
    return bytes(found);
  };
  const task = (at(100, 1000) - at(100, 10)) / (100 * (1000 - 10));
  const service = (at(100, 10) - at(3, 10)) / 97 - 10 * task;
  return { base: at(3, 10) - 3 * service - 30 * task, service, task };
}

export const bytesOf = ({ base, service, task }: Parts, { services, tasks }: Size): number =>
  base + services * service + services * tasks * task;

const MIB = 1024 * 1024;
const mib = (bytes: number): string => `${(bytes / MIB).toFixed(0)} MiB`;
const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
const nameOf = ({ services, tasks }: Size): string =>
  `${services.toLocaleString('en')} x ${tasks.toLocaleString('en')}`;

const HEAD = [
  'services x tasks of each',
  'allocated',
  'resident',
  'new configuration (ms)',
  'new list of endpoints (ms)',
  'processor time of that (ms)',
  'such changes a second on one core',
];

export interface Machine {
  readonly cores: number;
  readonly architecture: string;
  readonly envoy: string;
  readonly date: string;
}

export function limitsTables(measured: readonly Measurement[], machine: Machine): string {
  const allocated = partsOf(measured, ({ allocatedBytes }) => allocatedBytes);
  const resident = partsOf(measured, ({ residentBytes }) => residentBytes);
  const { cores, architecture, envoy, date } = machine;
  const rows = [
    ...measured.map(({ size, allocatedBytes, residentBytes, updateMs, takenUpMs, cpuMsPerChange }) => [
      nameOf(size),
      mib(allocatedBytes),
      mib(residentBytes),
      ms(updateMs),
      ms(takenUpMs),
      ms(cpuMsPerChange),
      Math.floor(1000 / cpuMsPerChange).toLocaleString('en'),
    ]),
    ...BEYOND.map((size) => [
      `*${nameOf(size)}*`,
      `*${mib(bytesOf(allocated, size))}*`,
      `*${mib(bytesOf(resident, size))}*`,
      ...['', '', '', ''],
    ]),
  ];
  return `${markdownTable(HEAD, 1, rows)}

${envoy}, two worker threads, no traffic; ${String(cores)} cores, ${architecture}, ${date}. What is in *italics* is computed: a
proxy has ${mib(resident.base)}, ${(resident.service / 1024).toFixed(0)} KiB for each service and ${(resident.task / 1024).toFixed(1)} KiB for each task of its namespace.`;
}

/**
 * What a container uses, in the form of Docker's stats as the task metadata endpoint has it:
 * https://docs.docker.com/reference/api/engine/version/v1.30/#tag/Container/operation/ContainerStats
 */

/** What the kernel counted so far. */
export interface Reading {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly cpuNanoseconds: number;
  readonly userNanoseconds: number;
  readonly systemNanoseconds: number;
  /** Of all processors of the machine since its start, idle time too. */
  readonly machineNanoseconds: number;
  readonly processors: number;
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number | undefined;
  readonly processes: number;
  readonly network: Traffic;
}

/** Of the task's interface; its containers share it. */
export interface Traffic {
  readonly rx: Counts;
  readonly tx: Counts;
}
interface Counts {
  readonly bytes: number;
  readonly packets: number;
  readonly errors: number;
  readonly dropped: number;
}

type Json = Readonly<Record<string, unknown>>;

const NOTHING: Counts = { bytes: 0, packets: 0, errors: 0, dropped: 0 };

/** The row of an interface in /proc/PID/net/dev: https://man7.org/linux/man-pages/man5/proc_pid_net.5.html */
export function trafficIn(text: string, device: string): Traffic {
  const row = text.split('\n').find((line) => line.trim().startsWith(`${device}:`));
  const numbers = (row?.split(':')[1] ?? '').trim().split(/\s+/).map(Number);
  const counts = (from: number): Counts => {
    const [bytes = 0, packets = 0, errors = 0, dropped = 0] = numbers.slice(from, from + 4);
    return { bytes, packets, errors, dropped };
  };
  return row === undefined ? { rx: NOTHING, tx: NOTHING } : { rx: counts(0), tx: counts(8) };
}

const cpu = (reading: Reading | undefined): Json => ({
  cpu_usage: {
    total_usage: reading?.cpuNanoseconds ?? 0,
    usage_in_kernelmode: reading?.systemNanoseconds ?? 0,
    usage_in_usermode: reading?.userNanoseconds ?? 0,
  },
  ...(reading === undefined ? {} : { system_cpu_usage: reading.machineNanoseconds, online_cpus: reading.processors }),
  throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
});

const interfaceOf = ({ rx, tx }: Traffic): Json => ({
  ...{ rx_bytes: rx.bytes, rx_packets: rx.packets, rx_errors: rx.errors, rx_dropped: rx.dropped },
  ...{ tx_bytes: tx.bytes, tx_packets: tx.packets, tx_errors: tx.errors, tx_dropped: tx.dropped },
});

/** @param before the last reading, against which a share of the processors can be told */
export function containerStats(id: string, name: string, now: Reading, before: Reading | undefined): Json {
  const seconds = before === undefined ? 0 : (now.at - before.at) / 1000;
  const rate = (of: (one: Reading) => number): number =>
    before === undefined || seconds <= 0 ? 0 : (of(now) - of(before)) / seconds;
  return {
    read: new Date(now.at).toISOString(),
    preread: before === undefined ? '0001-01-01T00:00:00Z' : new Date(before.at).toISOString(),
    pids_stats: { current: now.processes },
    blkio_stats: {},
    num_procs: 0,
    storage_stats: {},
    cpu_stats: cpu(now),
    precpu_stats: cpu(before),
    memory_stats: { usage: now.memoryBytes, stats: {}, limit: now.memoryLimitBytes },
    name,
    id,
    networks: { eth0: interfaceOf(now.network) },
    network_rate_stats: {
      rx_bytes_per_sec: rate(({ network }) => network.rx.bytes),
      tx_bytes_per_sec: rate(({ network }) => network.tx.bytes),
    },
  };
}

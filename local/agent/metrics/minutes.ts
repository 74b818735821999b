/** Makes minutes of the seconds: CloudWatch's metrics, and the datapoints that scaling looks at. */
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  countData,
  inboundData,
  outboundData,
  targetGroupData,
  usageData,
  type Datum,
} from '../core/metrics/metric-data.ts';
import { NO_CALLS } from '../core/metrics/call-window.ts';
import type { CallStats } from '../../region/call-stats.ts';
import type { Service } from '../core/region-state.ts';
import type { Server } from '../core/topology/service-connect.ts';
import { putMetrics } from './cloudwatch.ts';
import { joined, type Interval } from './collector.ts';
import type { Usage } from './task-usage.ts';

/** What the names in an interval stand for. */
export interface Directory {
  readonly services: readonly Service[];
  /** Who serves what has this name in Envoy, and the service that a caller's ARN is of. */
  readonly serverOf: (edsName: string) => Server | undefined;
  readonly callerOf: (caller: string) => Service | undefined;
  readonly taskIdsOf: (service: Service) => readonly string[];
  readonly countsOf: (service: Service) => {
    readonly desired: number;
    readonly running: number;
    readonly pending: number;
  };
  readonly targetGroups: readonly {
    readonly caller: string;
    readonly target: string;
    readonly loadBalancer: string;
    readonly targetGroup: string;
    readonly healthy: number;
    readonly unhealthy: number;
  }[];
}

/** One minute of a service for scaling. */
export interface ServiceMinute {
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  /** By target group, as a policy's resource label ends. */
  readonly requestsPerTarget: ReadonlyMap<string, number>;
}

export interface Minute {
  readonly at: number;
  readonly services: ReadonlyMap<string, ServiceMinute>;
}

export class Minutes {
  readonly #cloudWatch: CloudWatchClient;
  readonly #directory: () => Directory;
  readonly #minuteMs: () => number;
  readonly #onMinute: (minute: Minute) => void;
  readonly #onSent: (at: number) => Promise<void>;
  readonly #log: (message: string) => void;
  #intervals: Interval[] = [];

  constructor(
    cloudWatch: CloudWatchClient,
    directory: () => Directory,
    minuteMs: () => number,
    onMinute: (minute: Minute) => void,
    onSent: (at: number) => Promise<void>,
    log: (message: string) => void,
  ) {
    this.#cloudWatch = cloudWatch;
    this.#directory = directory;
    this.#minuteMs = minuteMs;
    this.#onMinute = onMinute;
    this.#onSent = onSent;
    this.#log = log;
  }

  add(interval: Interval): void {
    this.#intervals.push(interval);
    const whole = this.#intervals.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    if (whole < this.#minuteMs()) return;
    const intervals = this.#intervals;
    this.#intervals = [];
    this.#close(intervals);
  }

  #close(intervals: readonly Interval[]): void {
    const directory = this.#directory();
    const { at, edges, inbound } = joined(intervals);
    const data: Datum[] = [];
    const services = new Map<string, ServiceMinute>();
    for (const [edsName, calls] of inbound) {
      const server = directory.serverOf(edsName);
      if (server === undefined) continue;
      const tasks = directory.countsOf(server.service).running;
      data.push(...inboundData(server, namesOf(server.service), calls, tasks));
    }
    for (const [caller, row] of edges) {
      const client = directory.callerOf(caller);
      if (client === undefined) continue;
      for (const [target, calls] of row) {
        // A proxy knows every name of the namespace; metrics are about those that it calls.
        if (calls.requests + calls.activeConnections + calls.tlsErrors === 0) continue;
        const server = directory.serverOf(target);
        // No service has it any more, so there is no name that a metric could carry.
        if (server === undefined) continue;
        const targets = directory.countsOf(server.service).running;
        data.push(...outboundData(server.discoveryName, namesOf(client), calls, targets));
      }
    }
    const perTarget = new Map<string, number>();
    for (const group of directory.targetGroups) {
      const calls: CallStats = edges.get(group.caller)?.get(group.target) ?? NO_CALLS;
      data.push(...targetGroupData(group, calls));
      perTarget.set(group.targetGroup, calls.requests / Math.max(1, group.healthy));
    }
    for (const service of directory.services) {
      const usage = usageOf(directory.taskIdsOf(service), intervals);
      data.push(...usageData(namesOf(service), usage), ...countData(namesOf(service), directory.countsOf(service)));
      services.set(service.arn, {
        cpu: mean(usage.map(({ cpuPercent }) => cpuPercent)),
        memory: mean(usage.map(({ memoryPercent }) => memoryPercent)),
        requestsPerTarget: perTarget,
      });
    }
    const sent = putMetrics(this.#cloudWatch, data, new Date(at)).then(() => this.#onSent(at));
    sent.catch((error: unknown) => {
      this.#log(`metrics of a minute could not be sent: ${error instanceof Error ? error.message : String(error)}`);
    });
    this.#onMinute({ at, services });
  }
}

const namesOf = ({ name, clusterArn }: Service) => ({
  serviceName: name,
  clusterName: clusterArn.split('/').at(-1) ?? '',
});

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean of each task over the time that it was there. */
function usageOf(taskIds: readonly string[], intervals: readonly Interval[]): Usage[] {
  return taskIds.flatMap((id) => {
    const seen = intervals.flatMap(({ usage }) => usage.get(id) ?? []);
    const cpuPercent = mean(seen.map((use) => use.cpuPercent));
    const memoryPercent = mean(seen.map((use) => use.memoryPercent));
    return cpuPercent === undefined || memoryPercent === undefined ? [] : [{ cpuPercent, memoryPercent }];
  });
}

/** The region as text: edges, services, and what was denied. Pure. */
import pc from 'picocolors';
import { coloured } from '../../terminal/tables.ts';
import { DENIED_NOT_COUNTED, nodeName, viaOf, whyStale } from '../words.ts';
import type { DeniedEdge, Edge } from '../protocol/calls.ts';
import type { Region, Task } from '../protocol/region.ts';
import type { Service } from '../protocol/service.ts';
import { fitted } from './fit.ts';

const rounded = (value: number): string => value.toFixed(value < 10 && !Number.isInteger(value) ? 1 : 0);
const fixed = (value: number): string => (value === 0 ? '-' : rounded(value));
const ms = (value: number | undefined): string => (value === undefined ? '-' : rounded(value));

/** Red from where a person would want to know. */
function share(value: number): string {
  if (value === 0) return '-';
  const text = `${(100 * value).toFixed(value < 0.1 ? 1 : 0)} %`;
  return value >= 0.05 ? pc.red(text) : pc.yellow(text);
}

function edgeRow(edge: Edge, region: Region): string[] {
  const { from, to, now, tls, allowed } = edge;
  return [
    nodeName(from, region),
    `${to}${viaOf(edge)}`,
    fixed(now.requestsPerSecond),
    share(now.errorShare),
    ms(now.p50Ms),
    ms(now.p99Ms),
    fixed(now.activeConnections),
    fixed(now.retriesPerSecond),
    fixed(now.ejectedHosts),
    allowed ? (tls ? 'TLS' : '') : pc.red('not allowed'),
  ];
}

function serviceRow(service: Service, tasks: readonly Task[], faults: Region['faults']['services']): string[] {
  const own = tasks.filter((task) => task.service === service.id && task.wanted);
  const healthy = own.filter(({ health, status }) => status === 'RUNNING' && health !== 'UNHEALTHY').length;
  const [primary] = service.deployments;
  const fault = faults[service.id] ?? faults[service.serviceName];
  return [
    service.id,
    `${String(service.running)}/${String(service.desired)}`,
    String(healthy),
    String(service.pending),
    primary === undefined ? '' : `${coloured(primary.rolloutState)} ${String(Math.round(100 * primary.progress))} %`,
    [...new Set(own.map(({ zone }) => zone))].sort().join(' '),
    [
      ...(fault?.abort === undefined
        ? []
        : [pc.red(`${String(fault.abort.percent)} % get ${String(fault.abort.status)}`)]),
      ...(fault?.delay === undefined
        ? []
        : [pc.red(`${String(fault.delay.percent)} % are ${String(fault.delay.milliseconds)} ms late`)]),
    ].join(', '),
  ];
}

function deniedRow({ from, to, port, missing, packets, lastAt }: DeniedEdge, region: Region): string[] {
  return [
    nodeName(from, region),
    nodeName(to, region),
    String(port),
    `${missing} rule`,
    String(packets),
    `${String(Math.round((region.at - lastAt) / 1000))} s ago`,
  ];
}

/** Of a terminal; undefined for as much as there is to say. */
export interface Room {
  readonly rows: number | undefined;
  readonly columns: number | undefined;
}

export function topText(region: Region, { rows, columns }: Room): string {
  const byRate = [...region.edges].sort((a, b) => b.now.requestsPerSecond - a.now.requestsPerSecond);
  const { services: faults, lostZones } = region.faults;
  const stale = whyStale(region);
  const parts = [
    ...(stale === undefined ? [] : [pc.yellow(stale)]),
    ...(lostZones.length === 0 ? [] : [pc.red(`cut off: ${lostZones.join(', ')}`)]),
    fitted(
      ['from', 'to', 'req/s', 'errors', 'p50 ms', 'p99 ms', 'conns', 'retries/s', 'ejected', ''],
      byRate.map((edge) => edgeRow(edge, region)),
      { less: ['ejected', 'retries/s', 'conns', 'p50 ms'], names: ['from', 'to'] },
      columns,
    ),
    fitted(
      ['service', 'running', 'healthy', 'pending', 'rollout', 'zones', 'fault'],
      region.services.map((service) => serviceRow(service, region.tasks, faults)),
      { less: ['zones', 'pending'], names: ['service'] },
      columns,
    ),
    ...(region.deniedAreCounted ? [] : [pc.yellow(DENIED_NOT_COUNTED)]),
    ...(region.denied.length === 0
      ? []
      : [
          fitted(
            ['denied from', 'to', 'port', 'lacks', 'packets', 'last'],
            region.denied.map((one) => deniedRow(one, region)),
            { less: ['packets'], names: ['denied from', 'to'] },
            columns,
          ),
        ]),
  ];
  const lines = parts.join('\n').split('\n');
  return lines.slice(0, rows === undefined ? undefined : rows - 1).join('\n');
}

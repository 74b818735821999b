/**
 * What CloudWatch gets, with AWS's own names, dimensions and units:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
 */
import type { Server } from '../topology/service-connect.ts';
import type { CallStats } from '../../../region/call-stats.ts';

export interface Datum {
  readonly namespace: 'AWS/ECS' | 'AWS/ApplicationELB' | 'ECS/ContainerInsights';
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: 'Count' | 'Bytes' | 'Milliseconds' | 'Seconds' | 'Percent';
  /** Values and how often each came. */
  readonly values: readonly (readonly [value: number, count: number])[];
}

export interface ServiceNames {
  readonly serviceName: string;
  readonly clusterName: string;
}

type Plain = Omit<Datum, 'dimensions' | 'values'> & { readonly value: number };

function withDimensions(datum: Plain | Omit<Datum, 'dimensions'>, dimensions: Datum['dimensions']): Datum {
  const { namespace, name, unit } = datum;
  return { namespace, name, unit, dimensions, values: 'value' in datum ? [[datum.value, 1]] : datum.values };
}

/** Each metric of Service Connect comes twice: by discovery name alone, and with the service and the cluster. */
function twice(
  kind: 'DiscoveryName' | 'TargetDiscoveryName',
  name: string,
  service: ServiceNames,
  data: readonly Plain[],
): Datum[] {
  const whole = { [kind]: name, ServiceName: service.serviceName, ClusterName: service.clusterName };
  return data.flatMap((datum) => [{ [kind]: name }, whole].map((dimensions) => withDimensions(datum, dimensions)));
}

const ecs = (name: string, unit: Datum['unit'], value: number): Plain => ({ namespace: 'AWS/ECS', name, unit, value });

/** Where responses are counted and timed; `targets` are those that share the requests. */
function targetData(calls: CallStats, targets: number): (Plain | Omit<Datum, 'dimensions'>)[] {
  const durations = [...calls.latency].filter(([bound, count]) => count > 0 && Number.isFinite(bound));
  return [
    ...(['2', '3', '4', '5'] as const).map((digit) =>
      ecs(`HTTPCode_Target_${digit}XX_Count`, 'Count', calls.responses[digit]),
    ),
    ecs('RequestCountPerTarget', 'Count', calls.requests / Math.max(1, targets)),
    ecs('TargetProcessedBytes', 'Bytes', calls.bytes),
    ...(durations.length === 0
      ? []
      : [{ namespace: 'AWS/ECS', name: 'TargetResponseTime', unit: 'Milliseconds', values: durations } as const]),
  ];
}

/**
 * What a server's own proxies count. AWS describes the metrics of a target as seen by the proxy in the target's task, so
 * those by TargetDiscoveryName alone come from there, be the caller another service or a load balancer.
 */
export function inboundData(
  { discoveryName, protocol }: Pick<Server, 'discoveryName' | 'protocol'>,
  service: ServiceNames,
  calls: CallStats,
  targets: number,
): Datum[] {
  const alone = { TargetDiscoveryName: discoveryName };
  return [
    ...twice('DiscoveryName', discoveryName, service, [
      ecs('RequestCount', 'Count', calls.requests),
      ...(protocol === 'grpc' ? [ecs('GrpcRequestCount', 'Count', calls.requests)] : []),
      ecs('NewConnectionCount', 'Count', calls.connections),
      ecs('ActiveConnectionCount', 'Count', calls.activeConnections),
      ecs('ProcessedBytes', 'Bytes', calls.bytes),
    ]),
    ...targetData(calls, targets).map((datum) => withDimensions(datum, alone)),
  ];
}

/** What a client's proxy counts of its calls to a target; the service is the client, as third parties report it. */
export function outboundData(target: string, client: ServiceNames, calls: CallStats, targets: number): Datum[] {
  const whole = { TargetDiscoveryName: target, ServiceName: client.serviceName, ClusterName: client.clusterName };
  return [
    ...targetData(calls, targets).map((datum) => withDimensions(datum, whole)),
    ...twice('TargetDiscoveryName', target, client, [ecs('TargetTLSNegotiationErrorCount', 'Count', calls.tlsErrors)]),
  ];
}

/** What a service's tasks use, in per cent of their size; one value for each task. */
export function usageData(
  service: ServiceNames,
  usage: readonly { readonly cpuPercent: number; readonly memoryPercent: number }[],
): Datum[] {
  if (usage.length === 0) return [];
  const dimensions = { ServiceName: service.serviceName, ClusterName: service.clusterName };
  const one = (name: string, read: (use: (typeof usage)[number]) => number): Datum => ({
    namespace: 'AWS/ECS',
    name,
    unit: 'Percent',
    dimensions,
    values: usage.map((use) => [read(use), 1]),
  });
  return [
    one('CPUUtilization', ({ cpuPercent }) => cpuPercent),
    one('MemoryUtilization', ({ memoryPercent }) => memoryPercent),
  ];
}

/** How many tasks there are and should be, as Container Insights has it. */
export function countData(
  service: ServiceNames,
  counts: { readonly desired: number; readonly running: number; readonly pending: number },
): Datum[] {
  const dimensions = { ServiceName: service.serviceName, ClusterName: service.clusterName };
  return [
    ['DesiredTaskCount', counts.desired] as const,
    ['RunningTaskCount', counts.running] as const,
    ['PendingTaskCount', counts.pending] as const,
  ].map(([name, value]) => ({
    namespace: 'ECS/ContainerInsights',
    name,
    unit: 'Count',
    dimensions,
    values: [[value, 1]],
  }));
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
export function targetGroupData(
  group: {
    readonly loadBalancer: string;
    readonly targetGroup: string;
    readonly healthy: number;
    readonly unhealthy: number;
  },
  calls: CallStats,
): Datum[] {
  const dimensions = { TargetGroup: group.targetGroup, LoadBalancer: group.loadBalancer };
  const datum = (name: string, unit: Datum['unit'], values: Datum['values']): Datum => ({
    namespace: 'AWS/ApplicationELB',
    name,
    unit,
    dimensions,
    values,
  });
  const durations = [...calls.latency].filter(([bound, count]) => count > 0 && Number.isFinite(bound));
  const perTarget = calls.requests / Math.max(1, group.healthy);
  return [
    datum('RequestCount', 'Count', [[calls.requests, 1]]),
    ...(['2', '3', '4', '5'] as const).map((digit) =>
      datum(`HTTPCode_Target_${digit}XX_Count`, 'Count', [[calls.responses[digit], 1]]),
    ),
    datum('HealthyHostCount', 'Count', [[group.healthy, 1]]),
    datum('UnHealthyHostCount', 'Count', [[group.unhealthy, 1]]),
    { ...datum('RequestCountPerTarget', 'Count', [[perTarget, 1]]), dimensions: { TargetGroup: group.targetGroup } },
    ...(durations.length === 0
      ? []
      : [
          datum(
            'TargetResponseTime',
            'Seconds',
            durations.map(([ms, count]) => [ms / 1000, count]),
          ),
        ]),
  ];
}

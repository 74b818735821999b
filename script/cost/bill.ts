/** Quantities times prices. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Quantities } from './quantities.ts';

const Price = z.object({ usd: z.number().nonnegative(), unit: z.string(), source: z.url() });
const names = [
  'fargateArmVcpuHour',
  'fargateArmGbHour',
  'fargateSpotFactor',
  'interfaceEndpointHour',
  'interfaceEndpointGb',
  'natGatewayHour',
  'natGatewayGb',
  'publicAddressHour',
  'loadBalancerHour',
  'loadBalancerCapacityUnitHour',
  'containerInsightsMetricMonth',
  'alarmMonth',
  'dashboardMonth',
  'logIngestionGb',
  'logStorageGbMonth',
  'imageStorageGbMonth',
  'objectStorageGbMonth',
  'webAclMonth',
  'webAclRuleMonth',
  'webAclMillionRequests',
  'crossZoneGb',
  'internetOutGb',
] as const;
export const PriceList = z.object({
  asOf: z.iso.date().or(z.string().regex(/^\d{4}-\d\d$/)),
  region: z.string(),
  currency: z.literal('USD'),
  prices: z.record(z.enum(names), Price),
});
export type PriceList = z.infer<typeof PriceList>;
export const PRICES = PriceList.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'price-list.json'), 'utf8')));

/** AWS's own: 8,760 hours of a year over twelve. https://aws.amazon.com/vpc/lattice/pricing/ */
export const HOURS = 730;
/** Metrics of each cluster, service, task definition family, task and container: an estimate, since AWS counts those
 * that get data. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-enhanced-observability-metrics-ECS.html */
const METRICS_EACH = 12;
/** Both architectures of a static binary, and as many as base-infra keeps. */
const IMAGE_GB = 0.008 * 30;

export interface Line {
  readonly what: string;
  /** USD, each month or each million requests. */
  readonly usd: number;
}

/** What a month costs before the first request. */
export function monthly(count: Quantities, { prices }: PriceList): Line[] {
  const onDemand = (vcpus: number, memoryGb: number): number =>
    (vcpus * prices.fargateArmVcpuHour.usd + memoryGb * prices.fargateArmGbHour.usd) * HOURS;
  const spot = onDemand(count.spotVcpus, count.spotMemoryGb) * prices.fargateSpotFactor.usd;
  const entities = 1 + 2 * count.services + count.tasks + count.containers;
  return [
    { what: 'Fargate vCPU', usd: count.vcpus * HOURS * prices.fargateArmVcpuHour.usd },
    { what: 'Fargate memory', usd: count.memoryGb * HOURS * prices.fargateArmGbHour.usd },
    { what: 'Fargate Spot (estimate)', usd: spot },
    { what: 'NAT gateways', usd: count.natGateways * HOURS * prices.natGatewayHour.usd },
    { what: 'Interface endpoints', usd: count.endpointZones * HOURS * prices.interfaceEndpointHour.usd },
    { what: 'Load balancer', usd: count.loadBalancers * HOURS * prices.loadBalancerHour.usd },
    { what: 'Public IPv4 addresses', usd: count.publicAddresses * HOURS * prices.publicAddressHour.usd },
    {
      what: 'Container Insights, enhanced (estimate)',
      usd: count.enhancedInsights ? entities * METRICS_EACH * prices.containerInsightsMetricMonth.usd : 0,
    },
    { what: 'Alarms', usd: count.alarms * prices.alarmMonth.usd },
    { what: 'Dashboards', usd: count.dashboards * prices.dashboardMonth.usd },
    { what: 'Image storage', usd: count.repositories * IMAGE_GB * prices.imageStorageGbMonth.usd },
  ];
}

/** One request to service-b, which asks two others: what it weighs. Sizes in bytes. */
const REQUEST = {
  /** Request and answer with their headers, on each of the three ways. */
  exchange: 1_000,
  /** Of the exchange with the public, the answer. */
  answer: 500,
  /** Service Connect's JSON line has 14 fields, ours fewer; CloudWatch adds 26 bytes to each. */
  logLine: 350,
  /** Proxies: b in, b out twice, a in, c in. Applications: b, a, c. */
  logLines: 8,
  calls: 2,
} as const;
/** In two zones half of round robin crosses, until zone-aware routing begins. */
const CROSSING = 0.5;
/** One LCU is 25 new connections a second: the dearest case, with none kept. https://aws.amazon.com/elasticloadbalancing/pricing/ */
const CONNECTIONS_OF_AN_LCU_HOUR = 25 * 3600;
const MILLION = 1e6;
const GB = 1e9;

/** What a million requests cost. */
export function perMillionRequests({ prices }: PriceList): Line[] {
  const logs = (MILLION * REQUEST.logLines * REQUEST.logLine) / GB;
  const crossing = (MILLION * REQUEST.calls * REQUEST.exchange * CROSSING) / GB;
  return [
    { what: 'Logs: ingestion', usd: logs * prices.logIngestionGb.usd },
    { what: 'Logs: a month of storage', usd: logs * prices.logStorageGbMonth.usd },
    { what: 'Logs: their way through the NAT gateway', usd: logs * prices.natGatewayGb.usd },
    {
      what: 'Load balancer capacity, no connection kept',
      usd: (MILLION / CONNECTIONS_OF_AN_LCU_HOUR) * prices.loadBalancerCapacityUnitHour.usd,
    },
    { what: 'Answers to the internet', usd: ((MILLION * REQUEST.answer) / GB) * prices.internetOutGb.usd },
    { what: 'Calls across zones', usd: crossing * prices.crossZoneGb.usd },
  ];
}

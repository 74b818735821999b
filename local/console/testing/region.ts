/** A region as the page has it, as small as it goes. */
import type { CallRates, DeniedEdge, Region } from '../protocol.ts';

export const QUIET: CallRates = {
  requestsPerSecond: 0,
  responsesPerSecond: { '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 },
  errorShare: 0,
  retriesPerSecond: 0,
  timeoutsPerSecond: 0,
  newConnectionsPerSecond: 0,
  bytesPerSecond: 0,
  tlsErrorsPerSecond: 0,
  activeConnections: 0,
  activeRequests: 0,
  ejectedHosts: 0,
};

export const edge = (from: string, to: string) => ({
  id: `${from}>${to}`,
  from,
  to,
  kind: 'service-connect' as const,
  via: to,
  protocol: 'http' as const,
  tls: false,
  allowed: true,
  now: QUIET,
});

export const attempt = (from: string, to: string): DeniedEdge => ({
  id: `${from}!${to}`,
  from,
  to,
  fromAddress: '10.0.0.1',
  toAddress: '10.0.0.2',
  port: 3000,
  protocol: 'tcp',
  missing: 'ingress',
  securityGroupIds: ['sg-1'],
  packets: 3,
  firstAt: 1,
  lastAt: 2,
});

export const region = (denied: readonly DeniedEdge[]): Region => ({
  at: 1,
  regionId: 'r',
  startedAt: '',
  endpoint: '',
  controlPlaneAnswers: true,
  agentAnswers: true,
  problems: [],
  services: [],
  tasks: [],
  loadBalancers: [],
  edges: [edge('front', 'left'), edge('front', 'right')],
  denied: [...denied],
  deniedAreCounted: true,
  inbound: {},
  faults: { services: {}, lostZones: [], minuteSeconds: 60 },
  zones: [],
});

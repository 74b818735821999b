import { ejectedAddresses } from './ejected.ts';
import { Intervals } from '../../../region/observation.ts';

test('hosts that outlier detection left out are found, each once', () => {
  const host = (address: string, health: object) => ({
    address: { socket_address: { address } },
    health_status: health,
  });
  const answer = JSON.stringify({
    cluster_statuses: [
      {
        host_statuses: [
          host('10.0.0.4', { failed_outlier_check: true }),
          host('10.0.0.5', { eds_health_status: 'HEALTHY' }),
        ],
      },
      { host_statuses: [host('10.0.0.4', { failed_outlier_check: true })] },
      { name: 'a cluster without hosts' },
    ],
  });
  expect(ejectedAddresses(answer)).toEqual(['10.0.0.4']);
  expect(ejectedAddresses(undefined)).toEqual([]);
});

test('the last bucket, which has no bound, comes through JSON', () => {
  const calls = {
    ...{ requests: 1, responses: { 2: 1, 3: 0, 4: 0, 5: 0 }, retries: 0, timeouts: 0, connections: 1, bytes: 2 },
    ...{ grpcFailures: 0, tlsErrors: 0, activeConnections: 1, activeRequests: 0, ejected: 0, latency: [[null, 1]] },
  };
  const json: unknown = JSON.parse(
    JSON.stringify([{ at: 1, milliseconds: 1000, edges: [{ caller: 'a', called: 'b', calls }], inbound: [] }]),
  );
  expect(Intervals.parse(json)[0]?.edges[0]?.calls.latency).toEqual(new Map([[Infinity, 1]]));
});

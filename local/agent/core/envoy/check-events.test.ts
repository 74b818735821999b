import { failedCheck, ofGrpc } from './check-events.ts';

const line = (event: object): string =>
  JSON.stringify({
    host: { socket_address: { address: '10.0.1.4', port_value: 3000 } },
    cluster_name: 'tg.web.1',
    ...event,
  });

test.each([
  [
    { failure_type: 'ACTIVE', http_status_code: 500 },
    { kind: 'code', code: 500 },
  ],
  [{ failure_type: 'NETWORK_TIMEOUT', http_status_code: 0 }, { kind: 'timeout' }],
  [{ failure_type: 'NETWORK', http_status_code: 0 }, { kind: 'failed' }],
  [{ failure_type: 'ACTIVE' }, { kind: 'failed' }],
] as const)('%j is %j', (health_check_failure_event, failure) => {
  expect(failedCheck(line({ health_check_failure_event }))).toEqual({ target: 'tg.web.1 10.0.1.4:3000', failure });
});

test.each([
  ['another event', line({ add_healthy_event: { first_check: true } })],
  ['half a line', line({ health_check_failure_event: { failure_type: 'ACTIVE' } }).slice(0, -3)],
  ['the other half', 'k_failure_event":{"failure_type":"NETWORK"}}'],
  ['an event of something else', JSON.stringify({ health_check_failure_event: {} })],
])('%s is no failed check', (_, text) => {
  expect(failedCheck(text)).toBeUndefined();
});

test.each([
  [
    { kind: 'code', code: 414 },
    { kind: 'code', code: 14 },
  ],
  // The relay says this where a target gave no status.
  [{ kind: 'code', code: 599 }, { kind: 'failed' }],
  [{ kind: 'timeout' }, { kind: 'timeout' }],
] as const)('of a check by gRPC %j is %j', (failure, wanted) => {
  expect(ofGrpc(failure)).toEqual(wanted);
});

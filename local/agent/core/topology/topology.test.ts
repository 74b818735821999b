import { definition, deployment, NAMESPACE, stateWith, SUBNET } from '../../testing/region-state.ts';
import { gatewayOf, nextAddress } from './addresses.ts';
import { aliasesOf, currentAliases, ingressPortsOf, reachedPort, tlsNamesOf } from './service-connect.ts';

describe('addresses', () => {
  test('the router has the first, the first four and the last are kept', () => {
    expect(gatewayOf(SUBNET)).toBe('10.0.1.1');
    expect(nextAddress(SUBNET, new Set(), undefined)).toBe('10.0.1.4');
    // Bits below the prefix are no part of a range, as on AWS.
    expect(nextAddress({ ...SUBNET, cidr: '10.0.1.13/28' }, new Set(), undefined)).toBe('10.0.1.4');
  });

  test('an address that was given up comes round last', () => {
    expect(nextAddress(SUBNET, new Set(), '10.0.1.4')).toBe('10.0.1.5');
    expect(nextAddress(SUBNET, new Set(['10.0.1.5']), '10.0.1.4')).toBe('10.0.1.6');
    expect(nextAddress(SUBNET, new Set(), '10.0.1.14')).toBe('10.0.1.4');
  });

  test('a full subnet is named', () => {
    const used = new Set(Array.from({ length: 11 }, (_, index) => `10.0.1.${String(index + 4)}`));
    expect(() => nextAddress(SUBNET, used, undefined)).toThrow('subnet subnet-1 (10.0.1.0/28) has no free address');
  });
});

describe('aliases', () => {
  test('have the documented defaults', () => {
    expect(aliasesOf(NAMESPACE, stateWith([deployment()]))).toEqual([
      {
        dnsName: 'service-a',
        port: 8080,
        discoveryName: 'service-a',
        edsName: 'ns-1.service-a',
        serverName: 'service-a.highlands.local',
        testHeader: undefined,
        protocol: 'http',
        timeouts: { perRequestSeconds: 15, idleSeconds: 300 },
      },
    ]);
  });

  test('a port without appProtocol is TCP: no request timeout, an hour idle', () => {
    const [alias] = aliasesOf(NAMESPACE, stateWith([deployment({ perRequestTimeoutSeconds: 10 })], 'tcp'));
    expect(alias).toMatchObject({ protocol: 'tcp', timeouts: { perRequestSeconds: undefined, idleSeconds: 3600 } });
  });

  test('0 stays 0, and a nameless alias takes the namespace', () => {
    const [alias] = aliasesOf(
      NAMESPACE,
      stateWith([deployment({ perRequestTimeoutSeconds: 0, clientAliases: [{ dnsName: undefined, port: 80 }] })]),
    );
    expect(alias).toMatchObject({ dnsName: 'service-a.highlands.local', timeouts: { perRequestSeconds: 0 } });
  });

  test('another namespace is another world', () => {
    expect(aliasesOf({ ...NAMESPACE, id: 'ns-2', arn: 'arn:ns-2', name: 'other' }, stateWith([deployment()]))).toEqual(
      [],
    );
  });
});

describe('what a server changes reaches its callers without a deployment of theirs', () => {
  const [before] = aliasesOf(NAMESPACE, stateWith([deployment()]));
  const known = before === undefined ? [] : [before];

  test('timeouts do', () => {
    const state = stateWith([deployment({ perRequestTimeoutSeconds: 3 })]);
    expect(currentAliases(known, state)[0]?.timeouts.perRequestSeconds).toBe(3);
  });

  test('new names do not, and a name that is gone stays known', () => {
    const state = stateWith([deployment({ clientAliases: [{ dnsName: 'other', port: 8080 }] })]);
    expect(currentAliases(known, state)).toEqual(known);
  });
});

test('the authority of a name is that of the newest deployment', () => {
  const old = { ...deployment(), status: 'ACTIVE' } as const;
  const state = stateWith([deployment({ certificateAuthorityArn: 'arn:ca' })]);
  const services = state.services.map((one) => ({ ...one, deployments: [...one.deployments, old] }));
  expect(tlsNamesOf({ ...state, services })).toEqual([
    { edsName: 'ns-1.service-a', serverName: 'service-a.highlands.local', certificateAuthorityArn: 'arn:ca' },
  ]);
});

test.each([
  [undefined, { listenerPort: 15_001, intercept: true }, 3000],
  [9000, { listenerPort: 9000, intercept: false }, 9000],
])('ingress port override %s', (ingressPortOverride, expected, reached) => {
  const [ingress] = ingressPortsOf(deployment({ ingressPortOverride }), definition('http'), NAMESPACE);
  expect(ingress).toMatchObject(expected);
  expect(ingress === undefined ? undefined : reachedPort(ingress)).toBe(reached);
});

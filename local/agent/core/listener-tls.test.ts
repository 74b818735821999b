import { listenerTls, versionsOf } from './listener-tls.ts';

test.each([
  ['ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09', '1.2', '1.3'],
  ['ELBSecurityPolicy-TLS13-1-3-2021-06', '1.3', '1.3'],
  ['ELBSecurityPolicy-TLS13-1-0-2021-06', '1.0', '1.3'],
  ['ELBSecurityPolicy-TLS-1-2-Ext-2018-06', '1.2', '1.2'],
  ['ELBSecurityPolicy-FS-1-1-2019-08', '1.1', '1.2'],
  ['ELBSecurityPolicy-FS-2018-06', '1.0', '1.2'],
  ['ELBSecurityPolicy-2016-08', '1.0', '1.2'],
])('%s is TLS %s to %s', (policy, minimum, maximum) => {
  expect(versionsOf(policy)).toEqual({ minimum, maximum });
});

test('a certificate is for this machine, the load balancer and what ACM says, each once; another one has another secret', () => {
  const listener = {
    certificateArn: 'arn:1',
    sslPolicy: 'ELBSecurityPolicy-2016-08',
    domainNames: ['example.com', '*.example.com', 'lb.local', 'localhost'],
    loadBalancerDnsName: 'lb.local',
  };
  const tls = listenerTls(listener);
  expect(tls.names).toEqual(['localhost', 'lb.local', 'example.com', '*.example.com']);
  expect(listenerTls({ ...listener, certificateArn: 'arn:2' }).secretName).not.toBe(tls.secretName);
});

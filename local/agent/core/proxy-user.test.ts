import { asProxyUser, proxyUserId } from './proxy-user.ts';

test('every address of a VPC has a user of its own, above those of the system', () => {
  const ids = ['10.0.0.4', '10.0.1.4', '10.0.255.255', '10.1.0.0'].map(proxyUserId);
  expect(new Set(ids).size).toBe(4);
  expect(Math.min(...ids)).toBeGreaterThan(65_534);
});

test('of the rights of root only the one to read the files of the agent stays', () => {
  const command = asProxyUser(200_004, ['/envoy', '-c', 'x'], { setpriv: '/bin/setpriv' });
  expect(command.slice(-3)).toEqual(['/envoy', '-c', 'x']);
  expect(command).toContain('--reuid=200004');
  expect(command).toContain('--bounding-set=-all,+dac_override');
});

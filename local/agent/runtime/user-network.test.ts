import { lastLine, userNetworkArguments } from './user-network.ts';

test('the loopback of this machine is reached only where it is open, and the sandbox is always on', () => {
  const [closed, open] = [userNetworkArguments(7, false), userNetworkArguments(7, true)];
  expect(closed.filter((word) => !open.includes(word))).toEqual(['--disable-host-loopback']);
  expect(open).toContain('--enable-sandbox');
  expect(open.slice(-2)).toEqual(['7', 'tap0']);
});

test('the last line of what it said, without the empty ones behind it', () => {
  expect(lastLine('starting\nopen("/dev/net/tun"): Permission denied\n\n')).toBe(
    'open("/dev/net/tun"): Permission denied',
  );
  expect(lastLine('\n')).toBeUndefined();
});

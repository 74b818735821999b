import { CLOSED, destinationOf, egressOf, isOpen } from './outside.ts';

test.each<[string, ReturnType<typeof egressOf>]>([
  ['none', CLOSED],
  ['host', { ...CLOSED, host: true }],
  ['host,all', { ...CLOSED, host: true, all: true }],
  [
    'host, API.example.com:443,10.1.2.3:5432',
    {
      ...{ host: true, all: false },
      destinations: [
        { host: 'api.example.com', port: 443 },
        { host: '10.1.2.3', port: 5432 },
      ],
    },
  ],
])('--egress %s', (text, opened) => {
  expect(egressOf(text)).toEqual(opened);
  expect(isOpen(opened)).toBe(text !== 'none');
});

test.each([
  ['', /^"" is not none, host, all or HOST:PORT/],
  ['api.example.com', /^"api.example.com" is not none, host, all or HOST:PORT/],
  ['host,api.example.com:99999', /^"api.example.com:99999" is not/],
  ['10.1.2.300:80', /^"10.1.2.300:80" is not/],
  ['2001:db8::1:80', /^"2001:db8::1:80" is not/],
  ['*.example.com:443', /^"\*.example.com:443" is not/],
  ['none,host', /^"none" stands alone/],
  ['localhost:5432', /^"localhost:5432" is on this machine: say host/],
  ['127.0.0.1:5432', /^"127.0.0.1:5432" is on this machine: say host/],
])('--egress %s is refused in one line', (text, line) => {
  expect(() => egressOf(text)).toThrow(line);
});

test('a destination has a port from 1 to 65535', () => {
  expect(['db:1', 'db:65535', 'db:0', 'db:65536', ':1', 'db:'].map((text) => destinationOf(text)?.port)).toEqual([
    ...[1, 65535, undefined, undefined, undefined, undefined],
  ]);
});

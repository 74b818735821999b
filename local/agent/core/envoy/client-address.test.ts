import { cameFrom } from './client-address.ts';

test.each(['10.0.0.0/129', '999.1.1.1/8', '10.0.0.1', '2001:db8::/129'])('Envoy is not told of %s', (range) => {
  expect(() => cameFrom(['203.0.113.0/24', range])).toThrow(`"${range}" is no range of addresses`);
});

test('both families are ranges', () => {
  expect(cameFrom(['203.0.113.0/24', '2001:db8::/32'])).toMatchObject({
    address_match: {
      ranges: [
        { address_prefix: '203.0.113.0', prefix_len: 24 },
        { address_prefix: '2001:db8::', prefix_len: 32 },
      ],
    },
  });
});

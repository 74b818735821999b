import { isAddressRange } from './address-range.ts';

test.each([
  ['203.0.113.0/24', true],
  ['10.1.2.3/8', true],
  ['0.0.0.0/0', true],
  ['2001:db8::/32', true],
  ['::/0', true],
  ['10.0.0.0/33', false],
  ['10.0.0.0/129', false],
  ['999.1.1.1/8', false],
  ['10.0.0/8', false],
  ['10.0.0.1', false],
  ['2001:db8::/129', false],
  ['2001:db8:/32', false],
  ['fe80::1%eth0/64', false],
  ['10.0.0.0/-1', false],
])('a range of addresses: %s', (text, is) => {
  expect(isAddressRange(text)).toBe(is);
});

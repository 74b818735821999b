import { serviceNamed, shownNames } from './service-names.ts';

const SERVICES = [
  { arn: '1', serviceName: 'Shop-ApiService1A', discoveryNames: ['web', 'admin'] },
  { arn: '2', serviceName: 'Blog-ApiService2B', discoveryNames: ['web'] },
  { arn: '3', serviceName: 'Blog-Worker3C', discoveryNames: [] },
];

test.each([
  ['Shop-ApiService1A', '1'],
  ['admin', '1'],
  ['Shop-Api', '1'],
  ['Blog-W', '3'],
])('%s is service %s', (name, arn) => {
  expect(serviceNamed(name, SERVICES).arn).toBe(arn);
});

test('a name that several have is asked about, and one that nobody has is answered with those there are', () => {
  expect(() => serviceNamed('web', SERVICES)).toThrow('web is each of Shop-ApiService1A, Blog-ApiService2B: say which');
  expect(() => serviceNamed('Blog-', SERVICES)).toThrow('Blog- is each of');
  expect(() => serviceNamed('x', SERVICES)).toThrow(
    'no service x: there are Blog-ApiService2B, Blog-Worker3C, Shop-ApiService1A',
  );
  expect(() => serviceNamed('x', [])).toThrow('no service x: nothing runs');
});

test('a name is shown for as long as one service has it', () => {
  expect(shownNames(SERVICES.slice(0, 1))).toEqual(['web']);
  expect(shownNames(SERVICES)).not.toContain('web');
});

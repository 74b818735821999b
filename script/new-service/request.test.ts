import { checkRequest, type Asked } from './request.ts';

const taken = {
  ports: new Map([
    ['service-a', 8080],
    ['service-b', 8082],
  ]),
  name: (name: string) => ['service-a', 'service-kit'].includes(name),
};
const check = (asked: Partial<Asked>) =>
  checkRequest({ names: ['service-d'], calls: [], port: undefined, ...asked }, taken);

test('a name is enough: the port is the next one', () => {
  expect(check({})).toEqual({ name: 'service-d', calls: [], port: 8083 });
});

test('callees may be repeated options or a list, each counts once', () => {
  expect(check({ calls: ['service-c', 'service-a, service-c'] }).calls).toEqual(['service-a', 'service-c']);
});

test.each<[Partial<Asked>, string]>([
  [{ names: [] }, 'give one name'],
  [{ names: ['service-d', 'service-e'] }, 'give one name'],
  [{ names: ['orders'] }, '"orders" can\'t be a service: choose service- and lower-case letters'],
  [{ names: ['service-D'] }, '"service-D" can\'t be a service'],
  [{ names: ['service-4'] }, '"service-4" can\'t be a service'],
  [{ names: ['service-../x'] }, '"service-../x" can\'t be a service'],
  [{ names: [`service-${'x'.repeat(60)}`] }, 'at most 64 characters'],
  [{ names: ['service-kit'] }, 'service-kit is there already: choose another name'],
  [{ calls: ['service-z'] }, '--calls service-z: no such service; choose from service-a, service-b, service-c'],
  [{ calls: ['service-d'] }, '--calls service-d: no such service'],
  [{ port: '8080' }, '--port 8080 is the alias port of service-a: choose another'],
  [{ port: '0' }, '--port 0 is no port'],
  [{ port: '65536' }, '--port 65536 is no port'],
  [{ port: '1e3' }, '--port 1e3 is no port'],
  [{ port: '0x10' }, '--port 0x10 is no port'],
  [{ port: '' }, '--port  is no port'],
  [{ port: 'http' }, '--port http is no port: give a number from 1 to 65535'],
])('%j is refused in one line', (asked, line) => {
  expect(() => check(asked)).toThrow(line);
  expect(() => check(asked)).toThrow(/^[^\n]+$/);
});

import { assignDoorPorts } from './front-door-ports.ts';
import { type PublicListener } from '../../region/doors.ts';

const listener = (loadBalancerArn: string, port: number): PublicListener => ({
  loadBalancerArn,
  loadBalancerName: loadBalancerArn,
  port,
  protocol: 'HTTP',
});
const ports = (doors: ReturnType<typeof assignDoorPorts>) => doors.map(({ localPort }) => localPort);
const free = () => true;

test('the first listener gets the port that was asked for, each other one the next that is free', () => {
  const wanted = [listener('a', 80), listener('a', 443), listener('b', 80)];
  expect(ports(assignDoorPorts(wanted, [], 8080, (port) => port !== 8081))).toEqual([8080, 8082, 8083]);
});

test('a listener keeps its port when other listeners come and go', () => {
  const before = assignDoorPorts([listener('a', 80), listener('b', 80)], [], 8080, free);
  const after = assignDoorPorts([listener('c', 80), listener('b', 80)], before, 8080, free);
  expect(ports(after)).toEqual([8080, 8081]);
});

test('a complaint says that no port is left', () => {
  expect(() => assignDoorPorts([listener('a', 80), listener('b', 80)], [], 65_535, free)).toThrow('no free port');
});

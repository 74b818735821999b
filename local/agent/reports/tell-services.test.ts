import { balancerOf } from '../testing/fake-task.ts';
import { serviceWith } from '../testing/region-state.ts';
import { tellServices } from './tell-services.ts';

const UNREAD = 'arn:aws:ecs:r:1:service/c/odd';

test.each([
  ['arn:behind', ['arn:behind'], true],
  ['arn:group', ['arn:behind'], true],
  // One that can't be read is in no list of services.
  [UNREAD, [UNREAD], true],
  ['control plane', [], false],
])('a complaint about %s is told to %j', (resource, told, concerns) => {
  const heard: string[] = [];
  const services = [
    serviceWith({ arn: 'arn:behind', loadBalancers: [balancerOf('arn:group')] }),
    serviceWith({ arn: 'arn:other' }),
  ];
  const controller = { complainedAbout: (arn: string) => heard.push(arn) };
  expect(tellServices(resource, 'odd', { services, balancersOf: () => [], controller })).toBe(concerns);
  expect(heard).toEqual(told);
});

import { AddressPool } from '../network/address-pool.ts';
import { takeOver, type TakeOverParts } from './take-over.ts';
import { identityOf } from '../../region/process-identity.ts';

test('an agent that is not in the namespaces of its region takes over nothing', async () => {
  const asked: string[] = [];
  const note = (what: string) => (): never => {
    asked.push(what);
    throw new Error(what);
  };
  const parts: TakeOverParts = {
    ...{ run: '/nowhere', addresses: new AddressPool(), tasks: new Map(), log: () => undefined },
    networks: { adopt: note('network') },
    resolvers: { adopt: note('resolver') },
    waysOut: { adopt: note('way out') },
    loadBalancers: { adopt: note('load balancer'), adoptDoor: note('door') },
    ...{ planOf: note('plan'), adoptRouter: note('router'), adoptTask: note('task') },
  };
  const routers = [{ vpcId: 'vpc', process: identityOf(process.pid) }];
  const former = { namespaces: '', routers, tasks: [], loadBalancers: [], doors: [] };
  await expect(takeOver(former, parts)).rejects.toThrow('not in the namespaces of its region');
  expect(asked).toEqual([]);
});

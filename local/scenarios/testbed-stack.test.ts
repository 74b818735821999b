import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { PROBE, TESTBED } from './services.ts';
import { STACK_NAME, synthTestbed, type TestbedService } from './testbed-stack.ts';

const Template = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.looseObject({ LoadBalancers: z.array(z.unknown()).optional() }) }),
  ),
});

function loadBalancersOf(service: TestbedService): number[] {
  const directory = mkdtempSync(join(tmpdir(), 'testbed-'));
  try {
    synthTestbed([service, PROBE], 'image', directory);
    const text = readFileSync(join(directory, `${STACK_NAME}.template.json`), 'utf8');
    return Object.values(Template.parse(JSON.parse(text)).Resources)
      .filter(({ Type }) => Type === 'AWS::ECS::Service')
      .map(({ Properties }) => Properties.LoadBalancers?.length ?? -1);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('a service that had a load balancer in the deploy before loses it: an absent list would keep it', () => {
  expect(loadBalancersOf({ ...TESTBED, route: { path: '/echo', priority: 20 } })).toEqual([1, 0]);
  expect(loadBalancersOf(TESTBED)).toEqual([0, 0]);
});

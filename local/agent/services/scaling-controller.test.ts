import type { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { Service } from '../core/region-state.ts';
import type { ServiceMinute } from '../metrics/minutes.ts';
import { complaints, fakeClient } from '../testing/fake-client.ts';
import { quietBook } from '../testing/quiet-book.ts';
import { deployment, serviceWith } from '../testing/region-state.ts';
import { ScalingController } from './scaling-controller.ts';

const resource = (name: string): string => `service/c/${name}`;
const target = (name: string) => ({ ResourceId: resource(name), MinCapacity: 1, MaxCapacity: 10 });
const policy = (name: string, changes: object = {}) => ({
  PolicyName: `cpu-${name}`,
  PolicyARN: `arn:policy/${name}`,
  ResourceId: resource(name),
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: 50,
    ScaleOutCooldown: 300,
    ScaleInCooldown: 600,
    PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    ...changes,
  },
});

/** Services whose desired count is what was set last, each with a target and a policy. */
async function region(names: readonly string[], policies: readonly object[] = names.map((name) => policy(name))) {
  const counts = new Map(names.map((name) => [name, 2]));
  const noted: [string, string][] = [];
  const refused = new Set<string>();
  const services = (): Service[] =>
    [...counts].map(([name, desiredCount]) =>
      serviceWith({ arn: `arn:${name}`, name, desiredCount, deployments: [deployment()] }),
    );
  const book = quietBook();
  const scaling = new ScalingController({
    ecs: fakeClient<ECSClient>({
      UpdateService: ({ service, desiredCount }) => {
        const name = String(service).replace('arn:', '');
        if (refused.has(name)) throw new Error('refused');
        counts.set(name, Number(desiredCount));
        return {};
      },
    }),
    autoScaling: fakeClient<ApplicationAutoScalingClient>({
      DescribeScalableTargets: { ScalableTargets: names.map(target) },
      DescribeScalingPolicies: { ScalingPolicies: policies },
    }),
    channel: {
      noteScaling: (id, description) => {
        noted.push([id, description]);
        return Promise.resolve();
      },
    },
    book,
    services,
    log: () => undefined,
  });
  const { list, complain } = complaints();
  await scaling.read(complain);
  /** So many minutes go by in which every service uses so much of its CPU. @returns the count after each */
  const minutes = async (count: number, cpu: number, name = names[0] ?? ''): Promise<(number | undefined)[]> => {
    const after: (number | undefined)[] = [];
    for (let minute = 0; minute < count; minute++) {
      const one: ServiceMinute = { cpu, memory: undefined, requestsPerTarget: new Map() };
      await scaling.minute({ at: 0, services: new Map(names.map((each) => [`arn:${each}`, one])) });
      after.push(counts.get(name));
    }
    return after;
  };
  return { minutes, noted, refused, counts, book, list };
}

test('three busy minutes scale out, and the next time only after the cooldown', async () => {
  const { minutes, noted } = await region(['a']);
  expect(await minutes(3, 80)).toEqual([2, 2, 4]);
  expect(noted).toEqual([[resource('a'), 'Setting desired count to 4.']]);
  expect(await minutes(5, 80)).toEqual([4, 4, 4, 4, 7]);
});

test('fifteen idle minutes scale in, and the next time only after the cooldown', async () => {
  const { minutes, counts } = await region(['a']);
  counts.set('a', 8);
  const after = await minutes(25, 40);
  expect(after.slice(0, 14)).toEqual(Array.from({ length: 14 }, () => 8));
  // Ten minutes of cooldown.
  expect(after.slice(14)).toEqual([...Array.from({ length: 10 }, () => 7), 6]);
});

test('a scaling out holds back the next scaling in, too', async () => {
  const { minutes } = await region(['a'], [policy('a', { ScaleInCooldown: 1200 })]);
  expect((await minutes(3, 80)).at(-1)).toBe(4);
  const after = await minutes(20, 10);
  expect(after[18]).toBe(4);
  expect(after[19]).toBe(1);
});

test("a policy that can't be read costs itself alone", async () => {
  const odd = policy('odd', { TargetValue: 'much' });
  const { minutes, counts, list } = await region(['odd', 'good'], [odd, policy('good')]);
  await minutes(3, 80);
  expect([...counts]).toEqual([
    ['odd', 2],
    ['good', 4],
  ]);
  expect(list.map(([about]) => about)).toEqual(['arn:policy/odd']);
});

test('a service whose count the API refuses costs itself alone', async () => {
  const { minutes, counts, book, refused } = await region(['odd', 'good']);
  refused.add('odd');
  await minutes(3, 80);
  expect(counts.get('good')).toBe(4);
  expect(book.list().map(({ resource: about }) => about)).toEqual([resource('odd')]);
});

import type { PlacedLoadBalancer } from '../aws/read-load-balancers.ts';
import { fakeClient } from '../testing/fake-client.ts';
import { quietBook } from '../testing/quiet-book.ts';
import { ListenerRules } from './listener-rules.ts';

const group = (name: string): string => `arn:aws:elasticloadbalancing:r:1:targetgroup/${name}/1`;
const forward = (weights: Readonly<Record<string, number>>) => ({
  type: 'forward' as const,
  targetGroups: Object.entries(weights).map(([name, weight]) => ({ arn: group(name), weight })),
});

function rules(failing = '') {
  const asked: unknown[] = [];
  const made = (arn: string) => ({ arn, priority: 1, conditions: [], action: forward({ blue: 1, green: 0 }) });
  const listener = { rules: [made('arn:rule/odd'), made('arn:rule/good')] };
  // Of a load balancer, only its rules are looked at.
  const wanted = [{ loadBalancer: { listeners: [listener] } }] as unknown as PlacedLoadBalancer[];
  const answer = (input: Readonly<Record<string, unknown>>): unknown => {
    if (input['RuleArn'] === failing) throw new Error('400 odd');
    asked.push(input['RuleArn']);
    return {};
  };
  const elbv2 = fakeClient<never>({ ModifyRule: answer });
  return { asked, book: quietBook(), one: new ListenerRules({ elbv2, wanted: () => wanted, log: () => undefined }) };
}

const shift = (ruleArn: string, to: string) => ({
  ...{ ruleArn, targetGroupArn: group(to), otherArn: group(to === 'green' ? 'blue' : 'green') },
});

test('a rule forwards to the target group that has a weight, and one that nobody knows forwards nowhere', () => {
  const { one } = rules();
  expect([one.forwardedTo('arn:rule/good'), one.forwardedTo('arn:rule/none')]).toEqual([group('blue'), undefined]);
});

test('a rule that the API refuses to move costs itself alone, and one that is there already is not asked for', async () => {
  const { asked, book, one } = rules('arn:rule/odd');
  await one.shift([shift('arn:rule/odd', 'green'), shift('arn:rule/good', 'green')], book);
  expect(asked).toEqual(['arn:rule/good']);
  expect(book.list()).toMatchObject([{ resource: 'arn:rule/odd', message: '400 odd' }]);
  await one.shift([shift('arn:rule/good', 'blue'), shift('arn:rule/none', 'green')], book);
  expect(asked).toEqual(['arn:rule/good']);
  expect(book.list()).toEqual([]);
});

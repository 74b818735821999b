/** What of listener rules runs here: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html */
import { z } from 'zod';
import { ConditionSchema } from '../aws-shapes/listener-rule.ts';
import { faultOfRegex } from '../aws-shapes/listener-rule-regex.ts';
import { ACTION } from './load-balancer.ts';
import { ignored, partOf, refused, shape, shapeOf, TAGS, warned } from './rules.ts';

/** What is known before the deploy; AWS refuses the others too. */
const Expressions = z.array(z.unknown().refine((one) => typeof one !== 'string' || faultOfRegex(one) === undefined));

const expressions = {
  RegexValues: {
    schema: Expressions,
    rule: refused(
      'a load balancer’s regular expressions are those of RE2',
      'write it without lookarounds, backreferences and large repetitions',
    ),
  },
};

const ONE_ADDRESS = warned(
  'every client outside of the VPC has one and the same public address here, tasks have their own',
  'to see the rule at work, call the load balancer from a task',
);

const withExpressions = (name: string) => ({
  [name]: shapeOf(partOf(ConditionSchema, name), { values: expressions }),
});

export const LISTENER_RULE = shape({
  reads: ['ListenerArn', 'Priority'],
  others: {
    ...TAGS,
    Transforms: refused('paths and hosts are not rewritten', 'leave it out'),
  },
  parts: {
    Actions: ACTION,
    Conditions: shapeOf(ConditionSchema, {
      values: {
        ...expressions,
        Field: {
          schema: partOf(ConditionSchema, 'Field').refine((field) => field !== 'source-ip'),
          rule: refused('the condition is not known', 'leave the condition out'),
          but: { 'source-ip': ONE_ADDRESS },
        },
      },
      parts: {
        SourceIpConfig: shapeOf(partOf(ConditionSchema, 'SourceIpConfig'), {
          others: { IpAddressType: ignored('a range says it itself') },
        }),
        ...withExpressions('PathPatternConfig'),
        ...withExpressions('HostHeaderConfig'),
        ...withExpressions('HttpHeaderConfig'),
      },
    }),
  },
});

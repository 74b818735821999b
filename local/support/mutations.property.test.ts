/** Whatever a template says: it is checked, or refused with a line, before anything starts. */
import { stringify } from 'yaml';
import fc from 'fast-check';
import { Complaint } from '../region/complaint.ts';
import { FUZZ_TIMEOUT_MS, fuzz, jsonOf, mutated, mutatedText, ODD } from '../testing/fuzz.ts';
import { checkRows } from './testing/check-lines.ts';
import { app } from './testing/odd-app.ts';

const ELB = 'AWS::ElasticLoadBalancingV2::';
const BALANCED = app({
  container: {
    Environment: [{ Name: 'A', Value: { 'Fn::Sub': '${Vpc.CidrBlock}' } }],
    HealthCheck: { Command: ['CMD', '/x'] },
    LogConfiguration: {
      LogDriver: 'awslogs',
      Options: { 'awslogs-group': 'g', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'p' },
    },
  },
  more: {
    Targets: {
      Type: `${ELB}TargetGroup`,
      Properties: {
        Port: 80,
        Protocol: 'HTTP',
        VpcId: { Ref: 'Vpc' },
        TargetType: 'ip',
        Matcher: { HttpCode: '200-299' },
      },
    },
    Balancer: { Type: `${ELB}LoadBalancer`, Properties: { Subnets: [{ Ref: 'Subnet' }, 'subnet-12345678'] } },
    Listener: {
      Type: `${ELB}Listener`,
      Properties: {
        ...{ LoadBalancerArn: { Ref: 'Balancer' }, Port: 80, Protocol: 'HTTP' },
        DefaultActions: [
          { Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: { Ref: 'Targets' } }] } },
        ],
      },
    },
    Rule: {
      Type: `${ELB}ListenerRule`,
      Properties: {
        ...{ ListenerArn: { Ref: 'Listener' }, Priority: 1 },
        Conditions: [{ Field: 'path-pattern', Values: ['/a'] }],
        Actions: [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301', Port: '443' } }],
      },
    },
  },
});
const PARAMETERS = {
  ...app({ service: { DesiredCount: { Ref: 'Count' } } }),
  Parameters: { Count: { Type: 'Number', Default: 1 }, Kinds: { Type: 'CommaDelimitedList', Default: 'a,b' } },
  Mappings: { M: { a: { b: '1' } } },
  Conditions: { Two: { 'Fn::Equals': [{ Ref: 'Count' }, '2'] } },
  Outputs: { Name: { Condition: 'Two', Value: { 'Fn::GetAtt': ['Service', 'Name'] }, Export: { Name: 'x' } } },
};
const TEMPLATES: readonly unknown[] = [app({}), BALANCED, PARAMETERS];

const CALLS = fc.constantFrom<unknown>(
  { Ref: 'Nope' },
  { Ref: 5 },
  { 'Fn::If': [] },
  { 'Fn::GetAtt': 'x' },
  { 'Fn::Sub': ['${a.b}'] },
  { 'Fn::Select': ['x'] },
  { 'Fn::Join': [] },
  { 'Fn::FindInMap': ['M', 'a', { Ref: 'AWS::Region' }] },
  { Condition: 'Two' },
  { 'Fn::Cidr': ['10.0.0.0/8', 3, 90] },
);

function check(text: string): void {
  try {
    for (const row of checkRows(text)) {
      expect(row.note).not.toBe('');
      expect(row.remedy).not.toBe('');
      expect(row.note.length).toBeLessThan(2000);
    }
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    expect(error.message).toMatch(/^odd (?:is no template: |needs |has )/);
  }
}

test(
  'a template that is changed anywhere',
  () => {
    fuzz(mutated(TEMPLATES, fc.oneof(ODD, CALLS)), (template) => {
      check(jsonOf(template));
    });
  },
  FUZZ_TIMEOUT_MS,
);

test(
  'a text that is no template any more, in JSON and in YAML',
  () => {
    const texts = TEMPLATES.flatMap((template) => [JSON.stringify(template), stringify(template)]);
    fuzz(mutatedText(texts), check);
  },
  FUZZ_TIMEOUT_MS,
);

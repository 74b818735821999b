import { documentOf } from './document.ts';

const template = (desiredCount: number, cidr = '10.0.0.0/8'): object => ({
  Resources: {
    Service: { Type: 'AWS::ECS::Service', Properties: { DesiredCount: desiredCount } },
    Group: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { SecurityGroupIngress: [{ CidrIp: cidr, IpProtocol: 'tcp', FromPort: 80, ToPort: 80 }] },
    },
  },
});

test('nothing changed', async () => {
  expect(await documentOf([])).toMatch(/Nothing: no committed template changes/);
});

test('a stack is shown with what changes in it, as cdk diff shows it, without colours', async () => {
  const file = 'service-a/test/A.template.json';
  const document = await documentOf([{ file, before: template(2), after: template(3, '0.0.0.0/0') }]);
  expect(document).toContain(`### ${file}\n`);
  expect(document).toMatch(/\[~\] AWS::ECS::Service Service/);
  expect(document).toMatch(/\[-\] 2\n.*\[\+\] 3/);
  expect(document).toContain('0.0.0.0/0');
  expect(document).not.toContain('\u001b');
});

test('new, gone, and options by name', async () => {
  const document = await documentOf([
    { file: 'service-d/test/D.template.json', before: undefined, after: template(1) },
    { file: 'service-c/test/C.template.json', before: template(1), after: undefined },
    { file: 'service-a/test/variants/tls.template.json', before: template(1), after: template(2) },
  ]);
  expect(document).toContain('D.template.json (new)');
  expect(document).toContain('C.template.json (gone)');
  expect(document).toContain('- `service-a/test/variants/tls.template.json`');
});

test('no longer than a comment may be', async () => {
  const topic = (name: string): object => ({
    Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: name.repeat(70_000) } } },
  });
  const document = await documentOf([{ file: 'x/test/X.template.json', before: topic('x'), after: topic('y') }]);
  expect(document.length).toBeLessThan(65_536);
  expect(document).toContain('Cut off here');
});

import { checkTemplate, isRefused, Template } from './check.ts';

const rows = (token: unknown, F: object = { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'python3.12' } }) =>
  checkTemplate(
    's',
    Template.parse({ Resources: { F, C: { Type: 'Custom::It', Properties: { ServiceToken: token } } } }),
  );
const refusal = (...given: Parameters<typeof rows>) => rows(...given).find(isRefused);
const ARN = { 'Fn::GetAtt': ['F', 'Arn'] };

test.each([
  ['a function of the template', ARN],
  ['the same in short', { 'Fn::GetAtt': 'F.Arn' }],
  ['one that another stack exports', { 'Fn::ImportValue': 'function' }],
])('%s is run', (_, token) => {
  expect(refusal(token)).toBeUndefined();
});

test.each<[string, unknown, object | undefined, string]>([
  [
    'Java',
    ARN,
    { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'java21' } },
    'its function has the runtime java21, and Python, Node and provided run here',
  ],
  [
    'an image',
    ARN,
    { Type: 'AWS::Lambda::Function', Properties: { Code: { ImageUri: 'x' } } },
    'its function is an image, and functions run from a zip here',
  ],
  ['a topic', { Ref: 'F' }, { Type: 'AWS::SNS::Topic' }, 'nobody answers at a topic of SNS'],
  ['a topic from outside', 'arn:aws:sns:us-east-1:1:t', undefined, 'nobody answers at a topic of SNS'],
  [
    'a function from outside',
    'arn:aws:lambda:us-east-1:1:function:f',
    undefined,
    'its function is not of this app: arn:aws:lambda:us-east-1:1:function:f',
  ],
])('%s is not run, and what it would answer can be given', (_, token, F, note) => {
  expect(refusal(token, F)).toMatchObject({
    resource: 'C',
    note,
    remedy: 'give what it would answer: --answer C=<its id>, and --answer C.<attribute>=<value> for each attribute',
  });
});

test('a function that is not run is a warning, for nobody may need it', () => {
  const [row] = rows(ARN, { Type: 'AWS::Lambda::Function', Properties: { PackageType: 'Image' } });
  expect(row).toMatchObject({ resource: 'F', isWarning: true });
});

test('one whose answer is given is made with it', () => {
  const Properties = {
    ServiceToken: 'arn:aws:sns:us-east-1:1:t',
    HighlandsAnswer: { PhysicalResourceId: 'x', Data: {} },
  };
  const template = Template.parse({ Resources: { C: { Type: 'Custom::It', Properties } } });
  expect(checkTemplate('s', template).filter(isRefused)).toEqual([]);
});

import { jsonValue, secretReference } from './secret-reference.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:database-AbCdEf';
const PARAMETER = 'arn:aws:ssm:us-east-1:000000000000:parameter/app/token';
const WHOLE = { kind: 'secret', secretId: ARN, jsonKey: undefined, versionStage: undefined, versionId: undefined };

test.each([
  [ARN, WHOLE],
  [`${ARN}:password::`, { ...WHOLE, jsonKey: 'password' }],
  [`${ARN}:password:AWSPREVIOUS:`, { ...WHOLE, jsonKey: 'password', versionStage: 'AWSPREVIOUS' }],
  [`${ARN}:::11111111-2222`, { ...WHOLE, versionId: '11111111-2222' }],
  [PARAMETER, { kind: 'parameter', name: PARAMETER }],
  ['/app/token', { kind: 'parameter', name: '/app/token' }],
])('%s', (valueFrom, reference) => {
  expect(secretReference(valueFrom)).toEqual(reference);
});

test.each(['arn:aws:s3:::bucket', `${ARN}:a:b:c:d`, 'arn:aws:secretsmanager:us-east-1:0:secret'])(
  '%s is refused with the form it should have',
  (valueFrom) => {
    expect(() => secretReference(valueFrom)).toThrow(/is neither a secret nor a parameter: give arn:aws/);
  },
);

test('a JSON key is read out of the secret', () => {
  expect(jsonValue('{"user":"web","port":5432,"on":true}', 'user')).toBe('web');
  expect(jsonValue('{"user":"web","port":5432}', 'port')).toBe('5432');
});

test.each([
  ['{"user":"web"}', 'did not contain json key password'],
  ['null', 'did not contain json key password'],
  ['plain', 'failed to parse secret as JSON'],
])('the key password of %s: %s', (secret, message) => {
  expect(() => jsonValue(secret, 'password')).toThrow(message);
});

import { apiError, isInternal, signedFor } from './api-request.ts';

const SIGNED = 'AWS4-HMAC-SHA256 Credential=ASIA/20261130/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0';

test('the service is in the scope of the signature, in a header or in the address', () => {
  expect(signedFor('/', { authorization: SIGNED })).toBe('sqs');
  expect(signedFor('/b/k?X-Amz-Credential=ASIA%2F20261130%2Fus-east-1%2Fs3%2Faws4_request', {})).toBe('s3');
  expect(signedFor('/?Action=AssumeRoleWithWebIdentity', {})).toBeUndefined();
  expect(signedFor('/', { authorization: 'Basic eA==' })).toBeUndefined();
});

test('what the control plane has for the agent and for images is not for tasks', () => {
  const paths = ['/_agent/v1/version', '/_ministack/reset', '/_aws/ses', '/v2/', '/v2'];
  expect(paths.filter((path) => !isInternal(path))).toEqual([]);
  const others = ['/', '/bucket/_agent', '/_ministack/cfn-signal/x', '/v2024/x', '/v20180820/mrap'];
  expect(others.filter(isInternal)).toEqual([]);
});

test('an escaped path is what it says without its escapes, and one that does not decode is not for tasks', () => {
  const paths = [
    '/%5Fagent/v1/version',
    '/%5fagent%2Fv1/version',
    '/_ministack%2Freset',
    '/%762/',
    '/v2%2Fa',
    '/%FF',
    '/b/%',
  ];
  expect(paths.filter((path) => !isInternal(path))).toEqual([]);
  const others = ['/b/a%20b%25', '/b/%5Fagent', '/%5Fministack/cfn-signal/x', '/?Action=x&Name=%', '/%255Fagent'];
  expect(others.filter(isInternal)).toEqual([]);
});

test('an error has the form of its protocol', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  expect(apiError('C', 'a <b>', form, 'sns').body).toBe(
    '<ErrorResponse><Error><Code>C</Code><Message>a &lt;b&gt;</Message></Error></ErrorResponse>',
  );
  expect(apiError('C', 'm', {}, 's3').body).toBe('<Error><Code>C</Code><Message>m</Message></Error>');
  expect(apiError('C', 'm', { 'x-amz-target': 'X.Y' }, 'dynamodb')).toEqual({
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': 'C' },
    body: '{"__type":"C","message":"m"}',
  });
});

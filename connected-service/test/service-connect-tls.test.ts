import { Match, Template } from 'aws-cdk-lib/assertions';
import { stackWith } from './stack-with.ts';

const CERTIFICATE_AUTHORITY = 'arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/1111-2222';
const template = Template.fromStack(stackWith({ tls: { certificateAuthorityArn: CERTIFICATE_AUTHORITY } }));

function only(type: string): [string, { Properties: Record<string, unknown>; DependsOn?: string[] }] {
  const [found, ...others] = Object.entries(template.findResources(type));
  expect(others).toEqual([]);
  if (found === undefined) throw new Error(`no ${type}`);
  return found as [string, { Properties: Record<string, unknown>; DependsOn?: string[] }];
}

function infrastructureRole(): string {
  const [id, ...others] = Object.keys(
    template.findResources('AWS::IAM::Role', { Properties: { ManagedPolicyArns: Match.anyValue() } }),
  );
  expect(others).toEqual([]);
  return String(id);
}

test('certificates come from the authority, in the role and under the key of the service', () => {
  template.hasResourceProperties('AWS::ECS::Service', {
    ServiceConnectConfiguration: {
      Services: [
        {
          PortName: 'web',
          DiscoveryName: 'service-c',
          ClientAliases: [{ DnsName: 'service-c', Port: 8081 }],
          Timeout: { PerRequestTimeoutSeconds: 10 },
          Tls: {
            IssuerCertificateAuthority: { AwsPcaAuthorityArn: CERTIFICATE_AUTHORITY },
            KmsKey: { 'Fn::GetAtt': [only('AWS::KMS::Key')[0], 'Arn'] },
            RoleArn: { 'Fn::GetAtt': [infrastructureRole(), 'Arn'] },
          },
        },
      ],
    },
  });
});

test('the role is for ECS alone and may do what AWS lists for Service Connect TLS', () => {
  template.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' } }],
    },
    ManagedPolicyArns: [
      {
        'Fn::Join': [
          '',
          [
            'arn:',
            { Ref: 'AWS::Partition' },
            ':iam::aws:policy/service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity',
          ],
        ],
      },
    ],
  });
});

test('the key turns every year and only the role uses it: who administers the account cannot decrypt with it', () => {
  const [, { Properties: key }] = only('AWS::KMS::Key');
  expect(key['EnableKeyRotation']).toBe(true);
  const { Statement } = key['KeyPolicy'] as { Statement: { Action: string[]; Principal: unknown }[] };
  const uses = /^kms:(Decrypt|Encrypt|GenerateDataKey|ReEncrypt|CreateGrant|\*)/;
  expect(Statement.filter(({ Action }) => Action.some((action) => uses.test(action)))).toEqual([
    {
      Action: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyPair'],
      Effect: 'Allow',
      Principal: { AWS: { 'Fn::GetAtt': [infrastructureRole(), 'Arn'] } },
      Resource: '*',
    },
  ]);
  // Without this, nobody could ever change the key again. https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
  expect(Statement.some(({ Action }) => Action.includes('kms:PutKeyPolicy'))).toBe(true);
});

test('role and key are there before the service, and until it is gone', () => {
  const [, { DependsOn }] = only('AWS::ECS::Service');
  expect(DependsOn).toEqual(expect.arrayContaining([only('AWS::KMS::Key')[0], infrastructureRole()]));
});

test('callers keep http: their own proxy encrypts', () => {
  expect(JSON.stringify(template.toJSON())).not.toContain('https://service-c');
});

test.each(['', 'service-ca', 'arn:aws:acm:eu-west-1:111122223333:certificate/1111-2222'])(
  '"%s" is no authority, which is said at synth with the remedy',
  (certificateAuthorityArn) => {
    expect(() => stackWith({ tls: { certificateAuthorityArn } })).toThrow(
      `tls.certificateAuthorityArn is "${certificateAuthorityArn}": give arn:aws:acm-pca:<region>:<account>:certificate-authority/<id>`,
    );
  },
);

test('without the option there is no key and no role but those of the task', () => {
  const plain = Template.fromStack(stackWith());
  plain.resourceCountIs('AWS::KMS::Key', 0);
  plain.resourceCountIs('AWS::IAM::Role', 2);
});

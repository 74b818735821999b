import { newApp } from '@highlands/connected-service';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ACCOUNT, variant, variants } from './variants.ts';

const of = (option: keyof typeof variants): Template => Template.fromStack(variants[option]);
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

test('with HTTPS services hang on port 443, and port 80 redirects for good', () => {
  const template = of('https');
  template.hasResourceProperties(LISTENER, {
    Port: 80,
    DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }],
  });
  const [https] = Object.keys(template.findResources(LISTENER, { Properties: { Port: 443 } }));
  template.hasResourceProperties('AWS::SSM::Parameter', {
    Name: '/highlands/base-infra/listener-arn',
    Value: { Ref: https },
  });
});

test('with HTTPS the URL has the name that the certificate is for, and the alias record its target', () => {
  const template = of('https');
  const [balancer] = Object.keys(template.findResources(BALANCER));
  template.hasOutput('Url', { Value: 'https://app.example.com' });
  template.hasOutput('AliasTarget', { Value: { 'Fn::GetAtt': [balancer, 'DNSName'] } });
});

test('HTTPS is TLS 1.2 or 1.3', () => {
  of('https').hasResourceProperties(LISTENER, {
    Protocol: 'HTTPS',
    SslPolicy: Match.stringLikeRegexp('^ELBSecurityPolicy-TLS13-1-2-'),
  });
});

test('without a NAT gateway, what a task needs to start has an endpoint in each private subnet, for the VPC alone', () => {
  const template = of('no-nat');
  template.resourceCountIs('AWS::EC2::NatGateway', 0);
  const endpoints = template.findResources('AWS::EC2::VPCEndpoint', { Properties: { VpcEndpointType: 'Interface' } });
  const names = Object.values(endpoints).map((endpoint) => /"\.([a-z.]+)"\]/.exec(JSON.stringify(endpoint))?.[1]);
  expect(names).toEqual(['ecr.api', 'ecr.dkr', 'logs', 'ssm']);
  template.allResourcesProperties('AWS::EC2::VPCEndpoint', Match.objectLike({ VpcId: Match.anyValue() }));
  template.resourcePropertiesCountIs(
    'AWS::EC2::VPCEndpoint',
    { PrivateDnsEnabled: true, SubnetIds: [Match.anyValue(), Match.anyValue()] },
    names.length,
  );
  const [vpc] = Object.keys(template.findResources('AWS::EC2::VPC'));
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    GroupDescription: 'Interface endpoints',
    SecurityGroupIngress: [
      { CidrIp: { 'Fn::GetAtt': [vpc, 'CidrBlock'] }, FromPort: 443, ToPort: 443, IpProtocol: 'tcp' },
    ].map((rule) => Match.objectLike(rule)),
  });
});

test('endpoints may be chosen beside a NAT gateway', () => {
  const template = Template.fromStack(variant({ interfaceEndpoints: ['logs', 'logs'] }));
  template.resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface' }, 1);
});

test('access logs are kept for as long as asked for, in a bucket that nobody else reads', () => {
  const template = Template.fromStack(variant({ accessLogs: { retentionDays: 7 } }));
  const [bucket] = Object.keys(template.findResources('AWS::S3::Bucket'));
  template.hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'Retain',
    Properties: {
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 7, Status: 'Enabled' }] },
      PublicAccessBlockConfiguration: { RestrictPublicBuckets: true },
    },
  });
  template.hasResourceProperties(BALANCER, {
    LoadBalancerAttributes: Match.arrayWith([
      { Key: 'access_logs.s3.enabled', Value: 'true' },
      { Key: 'access_logs.s3.bucket', Value: { Ref: bucket } },
    ]),
  });
});

test('what is protected stays when the stack goes, and the stack refuses to go', () => {
  const template = of('protected');
  expect(variants.protected.terminationProtection).toBe(true);
  expect(variants.https.terminationProtection).not.toBe(true);
  template.hasResourceProperties(BALANCER, {
    LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: 'true' }]),
  });
  template.allResources('AWS::ECR::Repository', { DeletionPolicy: 'Retain' });
  template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
  of('https').allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
});

const acm = `arn:aws:acm:${ACCOUNT}:certificate/1`;
const domainName = 'app.example.com';
test.each<[string, Parameters<typeof variant>[0], string]>([
  ['too many NAT gateways', { natGateways: 3 }, 'natGateways is 3: give a whole number from 0 to 2'],
  ['part of one', { natGateways: 0.5 }, 'natGateways is 0.5: give a whole number from 0 to 2'],
  [
    'no way to the images',
    { natGateways: 0, interfaceEndpoints: ['logs', 'ssm'] },
    'natGateways is 0 and interfaceEndpoints is without ecr.api, ecr.dkr, so that no task could start: add them',
  ],
  [
    'a certificate of IAM',
    { https: { certificateArn: 'arn:aws:iam::111122223333:server-certificate/x', domainName } },
    'https.certificateArn is "arn:aws:iam::111122223333:server-certificate/x": give arn:aws:acm:',
  ],
  ...['https://app.example.com', 'app.example.com:443', '*.example.com', 'app', ''].map(
    (name): [string, Parameters<typeof variant>[0], string] => [
      `the name "${name}"`,
      { https: { certificateArn: acm, domainName: name } },
      `https.domainName is "${name}": give the name that users type, as app.example.com`,
    ],
  ),
  [
    'a web ACL of CloudFront',
    { webAclArn: `arn:aws:wafv2:${ACCOUNT}:global/webacl/x/1` },
    `give arn:aws:wafv2:<region>:<account>:regional/webacl/<name>/<id>`,
  ],
  ['a certificate for a web ACL', { webAclArn: acm }, `webAclArn is "${acm}"`],
  ['no retention', { accessLogs: { retentionDays: 0 } }, 'accessLogs.retentionDays is 0: give whole days, 1 at least'],
])('%s is one clear line', (_, settings, line) => {
  expect(() => variant(settings, newApp())).toThrow(line);
});

/** Every permission that any template gives, as reviewed: one more, or one less, fails the test. */
const IMAGE = 'arn:{AWS::Partition}:ecr:{AWS::Region}:{AWS::AccountId}:repository/{/highlands/SERVICE/repository-name}';
const PARAMETER = 'arn:{AWS::Partition}:ssm:{AWS::Region}:{AWS::AccountId}:parameter';
const BOOTSTRAP_ROLE = 'arn:{AWS::Partition}:iam::{AWS::AccountId}:role/cdk-hnb659fds';
const REPOSITORY = 'arn:{AWS::Partition}:ecr:{AWS::Region}:{AWS::AccountId}:repository';
const STACK = 'arn:{AWS::Partition}:cloudformation:{AWS::Region}:{AWS::AccountId}:stack';
const ACCOUNT = 'arn:{AWS::Partition}:iam::{AWS::AccountId}:root';

const all = (who: string, service: string, actions: readonly string[], resource: string): string[] =>
  actions.map((action) => `Allow ${who}: ${service}:${action} on ${resource}`);

/** By the reason for it. */
export const REVIEWED_PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  'Tasks run as their own two roles': ['Allow ecs-tasks.amazonaws.com: sts:AssumeRole on itself'],
  'ECS itself acts for a service: certificates of Service Connect, weights of blue/green': [
    'Allow ecs.amazonaws.com: sts:AssumeRole on itself',
  ],
  'The VPC writes its flow log': ['Allow vpc-flow-logs.amazonaws.com: sts:AssumeRole on itself'],
  "A task pulls its own service's image, and no other": all(
    'the role',
    'ecr',
    ['BatchCheckLayerAvailability', 'BatchGetImage', 'GetDownloadUrlForLayer'],
    IMAGE,
  ),
  'The action knows no resource; what the token opens is what the line above allows': [
    'Allow the role: ecr:GetAuthorizationToken on *',
  ],
  'A task, and the VPC, write to their own log groups': all(
    'the role',
    'logs',
    ['CreateLogStream', 'DescribeLogStreams', 'PutLogEvents'],
    '{AWS::Logs::LogGroup}',
  ),
  'Traces to X-Ray, where they are on: the action knows no resource': ['Allow the role: xray:PutTraceSegments on *'],
  'Traces to Datadog, where they are on: the agent beside a service gets its key, and no other secret': all(
    'the role',
    'secretsmanager',
    ['DescribeSecret', 'GetSecretValue'],
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:datadog-api-key-AbCdEf',
  ),
  'ECS Exec, where it is on: the actions know no resource': all(
    'the role',
    'ssmmessages',
    ['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel'],
    '*',
  ),
  'Access logs, where they are on: the load balancer writes them, each account below its own number': [
    'Allow logdelivery.elasticloadbalancing.amazonaws.com: s3:PutObject on {AWS::S3::Bucket}/AWSLogs/{AWS::AccountId}/* (AWS::S3::BucketPolicy)',
  ],
  'Nobody reaches that bucket without TLS': [
    'Deny *: s3:* on {AWS::S3::Bucket} (AWS::S3::BucketPolicy)',
    'Deny *: s3:* on {AWS::S3::Bucket}/* (AWS::S3::BucketPolicy)',
  ],
  "Service Connect TLS: the account's administrators keep the key, and can't use it": all(
    ACCOUNT,
    'kms',
    [
      'CancelKeyDeletion',
      'DescribeKey',
      'DisableKey',
      'EnableKey',
      'EnableKeyRotation',
      'GetKeyPolicy',
      'GetKeyRotationStatus',
      'ListResourceTags',
      'PutKeyPolicy',
      'ScheduleKeyDeletion',
      'TagResource',
      'UntagResource',
      'UpdateKeyDescription',
    ],
    '* (AWS::KMS::Key)',
  ),
  'Service Connect TLS: the role that ECS takes uses the key for certificates': all(
    '{AWS::IAM::Role}',
    'kms',
    ['Decrypt', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyPair'],
    '* (AWS::KMS::Key)',
  ),
  'A delivery: one environment of one repository, without a key': [
    'Allow {AWS::IAM::OIDCProvider} or {ProviderArn}: sts:AssumeRoleWithWebIdentity on itself',
  ],
  "A delivery deploys with the CDK bootstrap's roles, uploads templates, and reads those that are deployed": [
    `Allow the role: sts:AssumeRole on ${BOOTSTRAP_ROLE}-deploy-role-{AWS::AccountId}-{AWS::Region}`,
    `Allow the role: sts:AssumeRole on ${BOOTSTRAP_ROLE}-file-publishing-role-{AWS::AccountId}-{AWS::Region}`,
    `Allow the role: sts:AssumeRole on ${BOOTSTRAP_ROLE}-lookup-role-{AWS::AccountId}-{AWS::Region}`,
  ],
  'A delivery, of the default stage or of one by name, reads where images go and what runs, and whether CDK is bootstrapped':
    [
      `Allow the role: ssm:GetParameter on ${PARAMETER}/highlands/* or ${PARAMETER}/{Stage}/highlands/*`,
      `Allow the role: ssm:GetParameter on ${PARAMETER}/cdk-bootstrap/hnb659fds/version`,
    ],
  'A delivery says which image runs next': [
    `Allow the role: ssm:PutParameter on ${PARAMETER}/highlands/*/image or ${PARAMETER}/{Stage}/highlands/*/image`,
  ],
  'A delivery pushes images to the repositories of base-infra, and asks what is there': all(
    'the role',
    'ecr',
    [
      'BatchCheckLayerAvailability',
      'BatchGetImage',
      'CompleteLayerUpload',
      'InitiateLayerUpload',
      'PutImage',
      'UploadLayerPart',
    ],
    `${REPOSITORY}/highlandsbaseinfra-* or ${REPOSITORY}/{Stage}-highlandsbaseinfra-*`,
  ),
  'A delivery asks where the system answers': [
    `Allow the role: cloudformation:DescribeStacks on ${STACK}/HighlandsBaseInfra/* or ${STACK}/{Stage}-HighlandsBaseInfra/*`,
  ],
};

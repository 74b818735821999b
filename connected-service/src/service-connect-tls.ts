import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ServiceConnectTlsConfiguration } from 'aws-cdk-lib/aws-ecs';
import {
  AccountRootPrincipal,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { requireArn } from './require-arn.ts';

export interface ServiceConnectTlsOptions {
  /**
   * ARN of the AWS Private CA that signs the certificates. It must bear the tag `AmazonECSManaged: true`, which the
   * role's managed policy asks for; short-lived mode costs an eighth of general purpose mode and is enough.
   * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html
   */
  readonly certificateAuthorityArn: string;
}

/** What an administrator needs to keep a key, and nothing that uses it. */
const KEY_ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateKeyDescription',
];

/** The four that AWS lists for Service Connect, in service-connect-tls.html under "Providing your own encryption key". */
const KEY_USE = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyPair'];

/** What ECS needs to give the proxies of one service their certificates: a role to act in, and a key for private keys. */
export class ServiceConnectTls extends Construct {
  /** For the entry of the service in its Service Connect configuration. */
  readonly configuration: ServiceConnectTlsConfiguration;

  constructor(scope: Construct, id: string, props: ServiceConnectTlsOptions) {
    super(scope, id);
    requireArn(
      'tls.certificateAuthorityArn',
      props.certificateAuthorityArn,
      'arn:aws:acm-pca:<region>:<account>:certificate-authority/<id>',
    );
    const role = new Role(this, 'Role', {
      description: 'ECS infrastructure role: certificates of Service Connect TLS',
      // As AWS documents it, without conditions: which source ARN and account ECS sends for this role is not stated, and
      // a guess that is wrong stops the rotation of certificates five days after the deploy.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html
      assumedBy: new ServicePrincipal('ecs.amazonaws.com'),
      managedPolicies: [
        // Its wildcards are held by conditions: secrets named ecs-sc!, CAs tagged AmazonECSManaged.
        ManagedPolicy.fromAwsManagedPolicyName(
          'service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity',
        ),
      ],
    });
    const kmsKey = new Key(this, 'Key', {
      description: 'Private keys of Service Connect TLS certificates',
      enableKeyRotation: true,
      // CDK's own policy would let everyone with kms:Decrypt in IAM read the private keys. A key policy's "*" is this key.
      // https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            principals: [new AccountRootPrincipal()],
            actions: KEY_ADMINISTRATION,
            resources: ['*'],
          }),
          new PolicyStatement({ principals: [role], actions: KEY_USE, resources: ['*'] }),
        ],
      }),
      // ECS deletes the secrets with the service: nothing is left that the key would open. KMS waits a week at least.
      removalPolicy: RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(7),
    });
    this.configuration = { awsPcaAuthorityArn: props.certificateAuthorityArn, kmsKey, role };
  }
}

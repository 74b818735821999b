import { type CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';

export interface AccessLogsOptions {
  /**
   * How many days should they be kept?
   * @default 90 - three months: what an inquiry into an incident usually asks for
   */
  readonly retentionDays?: number;
}

interface ILoggingLoadBalancer extends IConstruct {
  setAttribute(key: string, value: string): void;
}

interface AccessLogsProps extends AccessLogsOptions {
  /** Whose requests are logged. */
  readonly loadBalancer: ILoggingLoadBalancer;
}

/** A line in S3 for every request to the load balancer, those that it answers by itself included. */
export class AccessLogs extends Construct {
  constructor(scope: Construct, id: string, props: AccessLogsProps) {
    super(scope, id);
    const { loadBalancer, retentionDays = 90 } = props;
    if (!Number.isInteger(retentionDays) || retentionDays < 1) {
      throw new Error(`accessLogs.retentionDays is ${retentionDays}: give whole days, 1 at least`);
    }
    const bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // The load balancer writes with S3's own keys and no other.
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(retentionDays) }],
      // CloudFormation deletes empty buckets only, and emptying one takes a Lambda, which we keep out of the stack. It
      // stays behind, empties itself by the rule above, and is then deleted by hand.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects(`AWSLogs/${Stack.of(this).account}/*`)],
      }),
    );
    // CDK's logAccessLogs wants to know the region at synth, for the accounts that older policies named.
    loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
    loadBalancer.setAttribute('access_logs.s3.bucket', bucket.bucketName);
    // A test object is written when the attribute is set.
    if (bucket.policy) (loadBalancer.node.defaultChild as CfnResource).node.addDependency(bucket.policy);
  }
}

import { PublishedRepository } from '@highlands/connected-service';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Repository, TagMutability } from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';

export interface ImageRepositoryProps {
  /** The service whose images it holds. */
  readonly service: string;
}

/** Where the images of one service go. */
export class ImageRepository extends Construct {
  constructor(scope: Construct, id: string, props: ImageRepositoryProps) {
    super(scope, id);
    const repository = new Repository(this, 'Repository', {
      // A tag names one image for good. Tasks run digests, so this is for the people who read tags.
      // https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
      imageTagMutability: TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      // A month of daily releases to go back to. ECR does not know what runs: an image that is still deployed is lost
      // after 30 newer ones, so whoever publishes that often without deploying must raise it.
      // https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
      lifecycleRules: [{ description: 'Keep the last 30 images', maxImageCount: 30 }],
      // Images are built again from their commit: a repository goes with its stack, images and all. emptyOnDelete is
      // ECR's own; CDK's autoDeleteImages would add a Lambda.
      removalPolicy: RemovalPolicy.DESTROY,
      emptyOnDelete: true,
    });
    new PublishedRepository(this, 'Contract', { service: props.service, repository });
  }
}

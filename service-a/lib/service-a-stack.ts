import { ConnectedService, ExportedService } from '@highlands/connected-service';
import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export interface ServiceAStackProps extends StackProps {
  /** How many tasks should run? */
  readonly desiredCount: number;
}

/** service-a, reachable in the mesh only; service-b's stack adds the security-group rule that lets it call. */
export class ServiceAStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceAStackProps) {
    super(scope, id, { description: 'Highlands service-a: a Fargate service on Service Connect', ...props });
    const service = new ConnectedService(this, 'ServiceA', {
      name: 'service-a',
      aliasPort: 8080,
      desiredCount: props.desiredCount,
    });
    new ExportedService(this, 'Export', { service: 'service-a', endpoint: service.endpoint });
  }
}

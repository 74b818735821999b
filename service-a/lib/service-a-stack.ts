import { ConnectedService, ExportedService, importBaseInfra, type ServiceSettings } from '@highlands/connected-service';
import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export interface ServiceAStackProps extends StackProps, ServiceSettings {}

/** service-a, reachable in the mesh only; service-b's stack adds the security-group rule that lets it call. */
export class ServiceAStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceAStackProps) {
    super(scope, id, { description: 'Highlands service-a: a Fargate service on Service Connect', ...props });
    const baseInfra = importBaseInfra(this, 'BaseInfra', 'service-a');
    const service = new ConnectedService(this, 'ServiceA', { ...props, ...baseInfra, aliasPort: 8080 });
    new ExportedService(this, 'Export', { endpoint: service.endpoint });
  }
}

import { ConnectedService, ExportedService, importBaseInfra, type ServiceSettings } from '@highlands/connected-service';
import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export interface ServiceCStackProps extends StackProps, ServiceSettings {}

/** service-c, reachable in the mesh only; service-b's stack adds the security-group rule that lets it call. */
export class ServiceCStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceCStackProps) {
    super(scope, id, { description: 'Highlands service-c: a Fargate service on Service Connect', ...props });
    const baseInfra = importBaseInfra(this, 'BaseInfra', 'service-c');
    const service = new ConnectedService(this, 'ServiceC', { ...props, ...baseInfra, aliasPort: 8081 });
    new ExportedService(this, 'Export', { endpoint: service.endpoint });
  }
}

import { ConnectedService, ExportedService, type ServiceSettings } from '@highlands/connected-service';
import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export interface ServiceAStackProps extends StackProps, ServiceSettings {}

/** service-a, reachable in the mesh only; service-b's stack adds the security-group rule that lets it call. */
export class ServiceAStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceAStackProps) {
    super(scope, id, { description: 'Highlands service-a: a Fargate service on Service Connect', ...props });
    const service = new ConnectedService(this, 'ServiceA', { ...props, name: 'service-a', aliasPort: 8080 });
    new ExportedService(this, 'Export', { service: 'service-a', endpoint: service.endpoint });
  }
}

import { ConnectedService, ExportedService, type ServiceSettings } from '@highlands/connected-service';
import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export interface ServiceCStackProps extends StackProps, ServiceSettings {}

/** service-c, reachable in the mesh only; service-b's stack adds the security-group rule that lets it call. */
export class ServiceCStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceCStackProps) {
    super(scope, id, { description: 'Highlands service-c: a Fargate service on Service Connect', ...props });
    const service = new ConnectedService(this, 'ServiceC', { ...props, name: 'service-c', aliasPort: 8081 });
    new ExportedService(this, 'Export', { service: 'service-c', endpoint: service.endpoint });
  }
}

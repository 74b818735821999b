import { Duration } from 'aws-cdk-lib';
import {
  type LogDriver,
  ServiceConnectAccessLogFormat,
  type ServiceConnectProps,
  type ServiceConnectTlsConfiguration,
} from 'aws-cdk-lib/aws-ecs';
import { PORT_MAPPING_NAME } from './service-task.ts';

interface ServiceConnectOptions {
  readonly namespaceArn: string;
  readonly name: string;
  readonly discoveryName: string;
  readonly aliasPort: number;
  readonly tls: ServiceConnectTlsConfiguration | undefined;
  readonly logDriver: LogDriver;
}

/** How the proxy of each task offers its service to others, and what it logs. */
export function serviceConnect(options: ServiceConnectOptions): ServiceConnectProps {
  const { namespaceArn, name, discoveryName, aliasPort, tls, logDriver } = options;
  return {
    namespace: namespaceArn,
    services: [
      {
        portMappingName: PORT_MAPPING_NAME,
        discoveryName,
        // A bare name: this is all that /etc/hosts of a client gets. The default would be `name.namespace`.
        dnsName: name,
        port: aliasPort,
        // Service Connect's default is 15 s. Ours is less than a caller's own patience (an ALB waits 60 s) and more
        // than three attempts, as the proxy retries twice, of a healthy service, which answers in milliseconds.
        // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
        perRequestTimeout: Duration.seconds(10),
        ...(tls && { tls }),
      },
    ],
    logDriver,
    // One line per request, for machines. Query parameters stay out: they carry what users typed.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-envoy-access-logs.html
    accessLogConfiguration: { format: ServiceConnectAccessLogFormat.JSON, includeQueryParameters: false },
  };
}

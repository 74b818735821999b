/** What ECS answers of Service Connect: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectConfiguration.html */
import { z } from 'zod';
import { LogConfiguration } from './awslogs.ts';
import { truth, whole } from './loose.ts';
import { DnsName, Port } from './network-names.ts';

const Seconds = whole().optional();

const TestHeader = z
  .object({ name: z.string(), value: z.object({ exact: z.string() }).optional() })
  .transform(({ name, value }) => ({ name: name.toLowerCase(), exact: value?.exact }));

const ClientAlias = z.object({
  port: Port,
  dnsName: DnsName.optional(),
  testTrafficRules: z.object({ header: TestHeader }).optional(),
});

export const ServiceConnect = z
  .object({
    enabled: truth().optional(),
    namespace: z.string().optional(),
    services: z
      .array(
        z.object({
          portName: DnsName,
          discoveryName: DnsName.optional(),
          clientAliases: z.array(ClientAlias).optional(),
          ingressPortOverride: Port.optional(),
          timeout: z.object({ idleTimeoutSeconds: Seconds, perRequestTimeoutSeconds: Seconds }).optional(),
          tls: z
            .object({ issuerCertificateAuthority: z.object({ awsPcaAuthorityArn: z.string().optional() }) })
            .optional(),
        }),
      )
      .optional(),
    logConfiguration: LogConfiguration.optional(),
    accessLogConfiguration: z
      .object({ format: z.enum(['TEXT', 'JSON']), includeQueryParameters: z.string().optional() })
      .optional(),
  })
  .transform((raw) =>
    raw.enabled !== true
      ? undefined
      : {
          namespace: raw.namespace ?? '',
          services: (raw.services ?? []).map((entry) => {
            const discoveryName = entry.discoveryName ?? entry.portName;
            return {
              portName: entry.portName,
              discoveryName,
              clientAliases: (entry.clientAliases ?? []).map((alias) => ({ port: alias.port, dnsName: alias.dnsName })),
              ingressPortOverride: entry.ingressPortOverride,
              idleTimeoutSeconds: entry.timeout?.idleTimeoutSeconds,
              perRequestTimeoutSeconds: entry.timeout?.perRequestTimeoutSeconds,
              certificateAuthorityArn: entry.tls?.issuerCertificateAuthority.awsPcaAuthorityArn,
              testHeader: (entry.clientAliases ?? []).map(({ testTrafficRules }) => testTrafficRules?.header)[0],
            };
          }),
          logs: raw.logConfiguration,
          accessLog:
            raw.accessLogConfiguration === undefined
              ? undefined
              : {
                  format: raw.accessLogConfiguration.format,
                  includeQueryParameters: raw.accessLogConfiguration.includeQueryParameters === 'ENABLED',
                },
        },
  );

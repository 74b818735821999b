/** Under which port callers reach the service of a template. */
import { z } from 'zod';

const Service = z.looseObject({
  Type: z.literal('AWS::ECS::Service'),
  Properties: z.looseObject({
    ServiceConnectConfiguration: z.looseObject({
      Services: z.tuple([z.looseObject({ ClientAliases: z.tuple([z.looseObject({ Port: z.number() })]) })]),
    }),
  }),
});

/** @throws Error when the template has not exactly one Service Connect service with one alias */
export function aliasPort(template: unknown): number {
  const { Resources } = z.looseObject({ Resources: z.record(z.string(), z.unknown()) }).parse(template);
  const [service, ...more] = Object.values(Resources).flatMap((resource) => Service.safeParse(resource).data ?? []);
  if (service === undefined || more.length > 0)
    throw new Error('the template has not exactly one Service Connect alias');
  return service.Properties.ServiceConnectConfiguration.Services[0].ClientAliases[0].Port;
}

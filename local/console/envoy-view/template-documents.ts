/** The lines of a template that a service was made from. Pure. */
import { z } from 'zod';
import { parseTemplate } from '../../apps/read-template.ts';
import type { EnvoyView } from '../protocol/envoy.ts';
import { withSecretsMasked } from '../region/services.ts';

export type TemplateDocument = EnvoyView['template'][number];

const OfService = z.object({ TaskDefinition: z.object({ Ref: z.string() }) });

/**
 * The service's and its task definition's resources.
 * @param text of the template, JSON or YAML, as GetTemplate gives it
 * @param service its logical id
 */
export function templateDocuments(text: string, stack: string, service: string): TemplateDocument[] {
  const { Resources } = parseTemplate(text, `the template of stack ${stack}`);
  const properties = OfService.safeParse(Resources[service]?.Properties);
  return [service, ...(properties.success ? [properties.data.TaskDefinition.Ref] : [])].flatMap((logicalId) => {
    const json = Resources[logicalId];
    if (json === undefined) return [];
    const id = `${stack}/${logicalId}`;
    return { id, title: id, json: withSecretsMasked(json), stack, logicalId, type: json.Type };
  });
}

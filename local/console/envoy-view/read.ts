/** Reads what stands beside each other: the files that a proxy was given, and the templates that stacks were made from. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import { CLUSTERS_FILE, LISTENERS_FILE } from '../../agent/core/envoy/discovery-response.ts';
import { clientSettings } from '../../region/client-settings.ts';
import { REGION } from '../../region/paths.ts';
import type { Document, EnvoyView } from '../protocol/envoy.ts';
import { nodeIds, type RegionInput } from '../region/compose.ts';
import { servicesOf, type ReadService } from '../region/services.ts';
import type { Entry } from './link.ts';
import { envoyLinks } from './links.ts';
import { templateDocuments, type TemplateDocument } from './template-documents.ts';

const Resources = z.object({ resources: z.array(z.looseObject({ name: z.string() })) });

function envoyDocuments(directory: string | undefined): Document[] {
  const kinds = [
    ['listener', LISTENERS_FILE],
    ['cluster', CLUSTERS_FILE],
  ] as const;
  return kinds.flatMap(([kind, name]) => {
    const file = join(directory ?? '', name);
    if (directory === undefined || !existsSync(file)) return [];
    const { resources } = Resources.parse(JSON.parse(readFileSync(file, 'utf8')));
    return resources.map((json) => ({ id: `${kind} ${json.name}`, title: `${kind} ${json.name}`, json }));
  });
}

/** Of the template of the stack that made the service. */
async function documentsOf(cloudFormation: CloudFormationClient, { raw }: ReadService): Promise<TemplateDocument[]> {
  const tag = (name: string) => raw.tags?.find(({ key }) => key === `aws:cloudformation:${name}`)?.value;
  const stack = tag('stack-name');
  const service = tag('logical-id');
  if (stack === undefined || service === undefined) return [];
  const { TemplateBody } = await cloudFormation.send(new GetTemplateCommand({ StackName: stack }));
  return templateDocuments(TemplateBody ?? '', stack, service);
}

/** @returns undefined for a service that does not exist */
export async function envoyView(id: string, input: RegionInput): Promise<EnvoyView | undefined> {
  const { aws, observation, region } = input;
  const ids = nodeIds(input);
  const read = aws.services.find(({ narrow }) => ids.get(narrow.arn) === id);
  if (read === undefined) return undefined;
  const primary = read.narrow.deployments[0]?.id;
  const task = observation.tasks
    .filter(
      ({ deploymentId, wanted, envoyDirectory }) => deploymentId === primary && wanted && envoyDirectory !== undefined,
    )
    .sort((a, b) => b.createdAt - a.createdAt)[0];
  const envoy = envoyDocuments(task?.envoyDirectory);
  const cloudFormation = new CloudFormationClient(clientSettings(region.endpoint, REGION));
  const called = aws.services.filter(
    ({ narrow }) =>
      narrow.arn === read.narrow.arn ||
      observation.edges.some(({ caller, serverArn }) => caller === read.narrow.arn && serverArn === narrow.arn),
  );
  const documents = new Map(
    await Promise.all(called.map(async (one) => [one.narrow.arn, await documentsOf(cloudFormation, one)] as const)),
  );
  const shown = servicesOf({ ...aws, tasks: observation.tasks, ids });
  const entriesOf = (one: ReadService): Entry[] => {
    const [document, taskDefinition] = documents.get(one.narrow.arn) ?? [];
    const service = shown.find(({ arn }) => arn === one.narrow.arn);
    return (service?.serviceConnect?.services ?? []).map((entry, index) => ({
      ...{ discoveryName: entry.discoveryName, portName: entry.portName, aliases: entry.clientAliases },
      ...{ document, taskDefinition, index },
      containerPort:
        service?.taskDefinition?.containers.flatMap(({ ports }) => ports).find(({ name }) => name === entry.portName)
          ?.containerPort ?? 0,
    }));
  };
  const others = called.filter((one) => one !== read);
  return {
    service: id,
    taskId: task?.id,
    template: [read, ...others].flatMap((one, index) =>
      // Of the services that it calls, only how they are called matters here.
      (documents.get(one.narrow.arn) ?? []).slice(0, index === 0 ? undefined : 1),
    ),
    envoy,
    links: envoyLinks(documents.get(read.narrow.arn)?.[0], entriesOf(read), others.flatMap(entriesOf), envoy),
  };
}

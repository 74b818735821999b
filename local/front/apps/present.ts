/** What a running region has already, so that nobody has to give it again. */
import { CloudFormationClient, paginateListExports } from '@aws-sdk/client-cloudformation';
import { paginateDescribeParameters, SSMClient } from '@aws-sdk/client-ssm';
import { clientSettings } from '../../client-settings.ts';
import { localRepository, referenceIn } from '../../images/reference.ts';
import { hasImage } from '../../images/registry-client.ts';
import { REGION } from '../region/paths.ts';
import type { App, AppOptions, Present } from './app.ts';
import { imagesIn } from './images-in.ts';

export async function presentIn(endpoint: string, apps: readonly App[], options: AppOptions): Promise<Present> {
  const settings = clientSettings(endpoint, REGION);
  const present = { images: new Set<string>(), parameters: new Set<string>(), exports: new Set<string>() };
  for await (const { Exports = [] } of paginateListExports({ client: new CloudFormationClient(settings) }, {}))
    for (const { Name = '' } of Exports) present.exports.add(Name);
  for await (const { Parameters = [] } of paginateDescribeParameters({ client: new SSMClient(settings) }, {}))
    for (const { Name = '' } of Parameters) present.parameters.add(Name);
  const used = apps.flatMap(({ stacks }) => stacks).flatMap((stack) => imagesIn(stack, options));
  for (const reference of new Set(used.flatMap((use) => use.reference ?? []))) {
    const parsed = referenceIn(reference);
    if (parsed === undefined) continue;
    const registry = { url: endpoint, authorization: undefined };
    if (await hasImage(registry, localRepository(parsed), parsed.version)) present.images.add(reference);
  }
  return present;
}

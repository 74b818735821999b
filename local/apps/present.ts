/** What a running region has already, so that nobody has to give it again. */
import { CloudFormationClient, paginateDescribeStacks, paginateListExports } from '@aws-sdk/client-cloudformation';
import {
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { paginateDescribeParameters, SSMClient } from '@aws-sdk/client-ssm';
import { localRegistry } from '../images/local-registry.ts';
import { clientSettings } from '../region/client-settings.ts';
import { localRepository, referenceIn } from '../images/reference.ts';
import { hasImage } from '../images/registry-client.ts';
import { REGION } from '../region/paths.ts';
import type { App, AppOptions, Present } from './app.ts';
import { imagesIn } from './images-in.ts';

/** A stack that was never complete is made again, without its values: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
const NEVER_COMPLETE = /^(?:ROLLBACK|REVIEW|DELETE)_/;

/** The stacks of an app with the values that their parameters have in the region. */
export async function withBefore(endpoint: string, apps: readonly App[]): Promise<App[]> {
  const client = new CloudFormationClient(clientSettings(endpoint, REGION));
  const values = new Map<string, Record<string, string>>();
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {}))
    for (const { StackName = '', StackStatus = '', Parameters = [] } of Stacks)
      if (!NEVER_COMPLETE.test(StackStatus))
        values.set(
          StackName,
          Object.fromEntries(
            Parameters.map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]),
          ),
        );
  return apps.map((app) => ({
    ...app,
    stacks: app.stacks.map((stack) => {
      const before = values.get(stack.name);
      return before === undefined ? stack : { ...stack, before };
    }),
  }));
}

/** What a template may name by its id. */
async function networkIds(endpoint: string): Promise<Set<string>> {
  const client = new EC2Client(clientSettings(endpoint, REGION));
  const [vpcs, subnets, groups] = await Promise.all([
    client.send(new DescribeVpcsCommand({})),
    client.send(new DescribeSubnetsCommand({})),
    client.send(new DescribeSecurityGroupsCommand({})),
  ]);
  return new Set([
    ...(vpcs.Vpcs ?? []).flatMap(({ VpcId }) => VpcId ?? []),
    ...(subnets.Subnets ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
    ...(groups.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
  ]);
}

export async function presentIn(endpoint: string, apps: readonly App[], options: AppOptions): Promise<Present> {
  const settings = clientSettings(endpoint, REGION);
  const present = {
    images: new Set<string>(),
    parameters: new Set<string>(),
    exports: new Set<string>(),
    networks: await networkIds(endpoint),
  };
  for await (const { Exports = [] } of paginateListExports({ client: new CloudFormationClient(settings) }, {}))
    for (const { Name = '' } of Exports) present.exports.add(Name);
  for await (const { Parameters = [] } of paginateDescribeParameters({ client: new SSMClient(settings) }, {}))
    for (const { Name = '' } of Parameters) present.parameters.add(Name);
  const used = apps.flatMap(({ stacks }) => stacks).flatMap((stack) => imagesIn(stack, options));
  for (const reference of new Set(used.flatMap((use) => use.reference ?? []))) {
    const parsed = referenceIn(reference);
    if (parsed === undefined) continue;
    const registry = localRegistry(endpoint);
    if (await hasImage(registry, localRepository(parsed), parsed.version)) present.images.add(reference);
  }
  return present;
}

/** Where a delivery goes: the account and region that the environment leads to. The local region is one of them. */
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { DEFAULT_STAGE } from '@highlands/connected-service/names';
import { curlArguments, frontDoors, mainDoor } from '../../local/region/doors.ts';
import { Complaint } from '../../local/region/complaint.ts';
import { runningRegion } from '../../local/region/region-file.ts';

const BASE_INFRA = 'HighlandsBaseInfra';

export interface Place {
  readonly region: string;
  /** Set for the local region, by `highlands env`. */
  readonly endpoint: string | undefined;
  /** Which of the systems there; the default one has no name. */
  readonly stage: string;
}

/** @throws Complaint when the environment names no region */
export function placeOf(environment: NodeJS.ProcessEnv, stage = DEFAULT_STAGE): Place {
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  if (region === undefined || region === '')
    throw new Complaint(
      'AWS_REGION is not set: set it, or take the local region with eval "$(npm run -s highlands -- env)"',
    );
  return { region, endpoint: environment['AWS_ENDPOINT_URL'], stage };
}

/**
 * Arguments of curl for the public way in: an output of base-infra. The name of a load balancer of the local region is known
 * to nobody, so there it is the port on this machine, with the region's own authority where it takes HTTPS.
 */
export async function publicDoor({ region, endpoint, stage }: Place, pathAndQuery: string): Promise<string[]> {
  const client = new CloudFormationClient({ region, ...(endpoint === undefined ? {} : { endpoint }) });
  // As CDK names a stack of a stage.
  const StackName = stage === DEFAULT_STAGE ? BASE_INFRA : `${stage}-${BASE_INFRA}`;
  const here = runningRegion();
  if (here !== undefined && here.endpoint === endpoint) {
    const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName }));
    const own = StackResources.map(({ PhysicalResourceId }) => PhysicalResourceId);
    const door = mainDoor(frontDoors().filter(({ loadBalancerArn }) => own.includes(loadBalancerArn)));
    if (door === undefined) throw new Complaint(`the stack ${StackName} has no load balancer: deploy base-infra first`);
    return curlArguments(door, pathAndQuery);
  }
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  const url = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'Url')?.OutputValue;
  if (url === undefined) throw new Complaint(`the stack ${StackName} has no output Url: deploy base-infra first`);
  return [`${url}/${pathAndQuery}`];
}

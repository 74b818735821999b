/** Where a delivery goes: the account and region that the environment leads to. The local region is one of them. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { curlArguments, frontDoors, mainDoor } from '../../local/front/front-doors.ts';
import { Complaint, runningRegion } from '../../local/front/region/region-file.ts';

export interface Place {
  readonly region: string;
  /** Set for the local region, by `highlands env`. */
  readonly endpoint: string | undefined;
}

/** @throws Complaint when the environment names no region */
export function placeOf(environment: NodeJS.ProcessEnv): Place {
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  if (region === undefined || region === '')
    throw new Complaint(
      'AWS_REGION is not set: set it, or take the local region with eval "$(npm run -s highlands -- env)"',
    );
  return { region, endpoint: environment['AWS_ENDPOINT_URL'] };
}

/**
 * Arguments of curl for the public way in: an output of base-infra. The name of a load balancer of the local region is known
 * to nobody, so there it is the port on this machine, with the region's own authority where it takes HTTPS.
 */
export async function publicDoor({ region, endpoint }: Place, pathAndQuery: string): Promise<string[]> {
  const here = runningRegion();
  if (here !== undefined && here.endpoint === endpoint) {
    const door = mainDoor(frontDoors());
    if (door === undefined) throw new Complaint('the local region has no load balancer: deploy base-infra first');
    return curlArguments(door, pathAndQuery);
  }
  const client = new CloudFormationClient({ region, ...(endpoint === undefined ? {} : { endpoint }) });
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: 'HighlandsBaseInfra' }));
  const url = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'Url')?.OutputValue;
  if (url === undefined) throw new Complaint('the stack HighlandsBaseInfra has no output Url: deploy base-infra first');
  return [`${url}/${pathAndQuery}`];
}

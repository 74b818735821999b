/** `highlands status`: what the AWS APIs say, as tables. */
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Service, Task } from '@aws-sdk/client-ecs';
import { clientSettings } from '../../region/client-settings.ts';
import { serviceIds } from '../../region/service-ids.ts';
import { ecsClient, listServices, named, tasksOf } from '../../region/ecs.ts';
import { doorRows, frontDoors } from '../../region/doors.ts';
import { oneMoment } from '../../deploy/waiting/one-moment.ts';
import { REGION } from '../../region/paths.ts';
import { requireRegion, type Region } from '../../region/region-file.ts';
import { problemRow, serviceRow, targetRow, taskRow } from '../status-rows.ts';
import { table } from '../../terminal/tables.ts';
import { problemsOf, type Problem } from '../../deploy/waiting/problems.ts';
import { MomentReader } from '../../deploy/waiting/read-moment.ts';

interface View {
  readonly services: readonly { readonly name: string; readonly service: Service; readonly tasks: readonly Task[] }[];
  readonly targets: readonly TargetHealthDescription[];
  readonly doors: readonly string[][];
  readonly problems: readonly Problem[];
}

function reader(region: Region): () => Promise<View> {
  const ecs = ecsClient(region);
  const elb = new ElasticLoadBalancingV2Client(clientSettings(region.endpoint, REGION));
  const moments = new MomentReader(region);
  return async () => {
    const found = await listServices(ecs);
    const ids = serviceIds(found.map(named));
    const nameOf = ({ serviceArn = '' }: Service): string => ids.get(serviceArn) ?? '';
    const services = await Promise.all(
      found.map(async (service) => ({ name: nameOf(service), service, tasks: await tasksOf(ecs, service) })),
    );
    const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
    const targets = await Promise.all(
      TargetGroups.map(
        async ({ TargetGroupArn }) =>
          (await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))).TargetHealthDescriptions ?? [],
      ),
    );
    return {
      services: services.sort((a, b) => a.name.localeCompare(b.name)),
      targets: targets.flat(),
      doors: doorRows(frontDoors()),
      problems: problemsOf(await moments.read(found)),
    };
  };
}

export async function status(): Promise<void> {
  const region = requireRegion();
  const { services, targets, doors, problems } = await oneMoment(reader(region));
  console.log(
    table(
      ['service', 'desired', 'running', 'pending', 'rollout', 'task definition'],
      services.map(({ name, service, tasks }) => serviceRow(name, service, tasks)),
    ),
  );
  console.log(
    table(
      ['task', 'service', 'zone', 'address', 'status', 'health', 'deployment'],
      services.flatMap(({ name, tasks }) => tasks.map((task) => taskRow(name, task))),
    ),
  );
  console.log(table(['target', 'port', 'zone', 'health', 'reason'], targets.map(targetRow)));
  console.log(table(['load balancer', 'port', 'here'], doors));
  if (problems.length > 0) {
    const now = Date.now();
    const rows = problems.map((problem) => problemRow(problem, now));
    console.log(table(['resource', 'what is wrong', 'since'], rows));
  }
  console.log(`AWS APIs at ${region.endpoint}`);
}

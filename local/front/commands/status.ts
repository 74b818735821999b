/** `highlands status`: what the AWS APIs say, as tables. */
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ecsClient, listServices, namesOf, tasksOf } from '../ecs.ts';
import { doorRows, frontDoors } from '../front-doors.ts';
import { REGION } from '../region/paths.ts';
import { requireRegion } from '../region/region-file.ts';
import { serviceRow, table, targetRow, taskRow } from '../tables.ts';

export async function status(): Promise<void> {
  const region = requireRegion();
  const ecs = ecsClient(region);
  const services = (await listServices(ecs)).sort((a, b) => String(namesOf(a)[0]).localeCompare(String(namesOf(b)[0])));
  const tasks = await Promise.all(
    services.map(async (service) => ({ name: namesOf(service)[0] ?? '', tasks: await tasksOf(ecs, service) })),
  );
  const elb = new ElasticLoadBalancingV2Client({
    endpoint: region.endpoint,
    region: REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
  const targets = await Promise.all(
    TargetGroups.map(
      async (group) =>
        (await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: group.TargetGroupArn })))
          .TargetHealthDescriptions ?? [],
    ),
  );
  console.log(
    table(
      ['service', 'desired', 'running', 'pending', 'rollout', 'task definition'],
      services.map((service) => serviceRow(namesOf(service)[0] ?? '', service)),
    ),
  );
  console.log(
    table(
      ['task', 'service', 'zone', 'address', 'status', 'health', 'deployment'],
      tasks.flatMap((one) => one.tasks.map((task) => taskRow(one.name, task))),
    ),
  );
  console.log(table(['target', 'port', 'zone', 'health', 'reason'], targets.flat().map(targetRow)));
  console.log(table(['load balancer', 'port', 'here'], doorRows(frontDoors())));
  console.log(`AWS APIs at ${region.endpoint}`);
}

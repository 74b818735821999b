/** `highlands status`: what the AWS APIs say, as tables. */
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Service } from '@aws-sdk/client-ecs';
import { clientSettings } from '../../client-settings.ts';
import { serviceIds } from '../../console/region/names.ts';
import { ecsClient, listServices, named, tasksOf } from '../ecs.ts';
import { doorRows, frontDoors } from '../front-doors.ts';
import { REGION } from '../region/paths.ts';
import { requireRegion } from '../region/region-file.ts';
import { serviceRow, table, targetRow, taskRow } from '../tables.ts';

export async function status(): Promise<void> {
  const region = requireRegion();
  const ecs = ecsClient(region);
  const found = await listServices(ecs);
  const ids = serviceIds(found.map(named));
  const nameOf = ({ serviceArn = '' }: Service): string => ids.get(serviceArn) ?? '';
  const services = found.sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  const tasks = await Promise.all(
    services.map(async (service) => ({ name: nameOf(service), tasks: await tasksOf(ecs, service) })),
  );
  const elb = new ElasticLoadBalancingV2Client(clientSettings(region.endpoint, REGION));
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
      services.map((service) => serviceRow(nameOf(service), service)),
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

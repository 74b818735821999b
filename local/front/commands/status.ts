/** `highlands status`: what the AWS APIs say, as tables. */
import { DescribeTasksCommand, ListTasksCommand, type ECSClient, type Service, type Task } from '@aws-sdk/client-ecs';
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ecsClient, listServices, namesOf } from '../ecs.ts';
import { doorRows, frontDoors } from '../front-doors.ts';
import { REGION } from '../region/paths.ts';
import { requireRegion } from '../region/region-file.ts';
import { serviceRow, table, targetRow, taskRow } from '../tables.ts';

async function tasksOf(ecs: ECSClient, service: Service): Promise<Task[]> {
  const cluster = service.clusterArn;
  const found: Task[] = [];
  for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
    const { taskArns = [] } = await ecs.send(
      new ListTasksCommand({ cluster, serviceName: service.serviceName, desiredStatus }),
    );
    if (taskArns.length === 0) continue;
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
    found.push(...tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED'));
  }
  return found;
}

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

/** A task in the shape of DescribeTasks: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html */
import type { TaskReport } from '../aws/control-plane-channel.ts';
import { SIDECAR_NAME } from '../../region/sidecar-name.ts';
import { containerId } from '../core/task-endpoint/ids.ts';
import type { Task } from '../runtime/task.ts';

const seconds = (milliseconds: number): number => milliseconds / 1000;

/** Names that the API gives only once there is a value for them. */
function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

export function containerReports(task: Task): Record<string, unknown>[] {
  const { plan } = task;
  const common = (name: string) => ({
    containerArn: `${plan.arn.replace(':task/', ':container/')}/${name}`,
    taskArn: plan.arn,
    name,
  });
  const network = { networkInterfaces: [{ attachmentId: plan.id, privateIpv4Address: plan.address }] };
  const applications = plan.taskDefinition.containers.map((definition) => {
    const container = task.containers.get(definition.name);
    const running = container?.process.running ?? false;
    return present({
      ...common(definition.name),
      ...network,
      image: definition.image,
      imageDigest: definition.image.includes('@') ? definition.image.split('@')[1] : undefined,
      runtimeId: container === undefined ? undefined : containerId(plan, definition.name),
      lastStatus: container === undefined ? 'PENDING' : running ? 'RUNNING' : 'STOPPED',
      exitCode: container?.exitCode,
      reason: container?.failure?.reason,
      healthStatus: definition.healthCheck === undefined ? 'UNKNOWN' : (container?.healthStatus ?? 'UNKNOWN'),
      cpu: '0',
    });
  });
  if (plan.sidecar === undefined) return applications;
  const running = task.sidecar?.process.running ?? false;
  const status = task.sidecar === undefined ? 'PENDING' : running ? 'RUNNING' : 'STOPPED';
  return [
    ...applications,
    {
      ...common(SIDECAR_NAME),
      ...network,
      lastStatus: status,
      healthStatus: running ? 'HEALTHY' : 'UNKNOWN',
      cpu: '0',
    },
  ];
}

export function taskHealth(task: Task): 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' {
  if (task.plan.taskDefinition.containers.every(({ healthCheck }) => healthCheck === undefined)) return 'UNKNOWN';
  return task.unhealthy ? 'UNHEALTHY' : task.healthy ? 'HEALTHY' : 'UNKNOWN';
}

export function taskReport(task: Task): TaskReport {
  const { plan } = task;
  const optionalTime = (milliseconds: number | undefined) =>
    milliseconds === undefined ? undefined : seconds(milliseconds);
  return present({
    taskArn: plan.arn,
    clusterArn: plan.service.clusterArn,
    taskDefinitionArn: plan.taskDefinition.arn,
    group: plan.order?.group ?? `service:${plan.service.name}`,
    startedBy: plan.deployment.id,
    // Both: the provider stands on Fargate too.
    launchType: 'FARGATE',
    capacityProviderName: plan.capacityProvider,
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    availabilityZone: plan.subnet.zone,
    desiredStatus: task.wanted ? 'RUNNING' : 'STOPPED',
    lastStatus: task.status,
    healthStatus: taskHealth(task),
    connectivity: 'CONNECTED',
    cpu: plan.taskDefinition.cpu === undefined ? undefined : String(plan.taskDefinition.cpu),
    memory: plan.taskDefinition.memoryMiB === undefined ? undefined : String(plan.taskDefinition.memoryMiB),
    createdAt: seconds(task.createdAt),
    pullStartedAt: optionalTime(task.pullStartedAt),
    pullStoppedAt: optionalTime(task.pullStoppedAt),
    startedAt: optionalTime(task.startedAt),
    stoppedAt: optionalTime(task.stoppedAt),
    stopCode: task.stopCause?.code,
    stoppedReason: task.stopCause?.reason,
    attachments: [
      {
        id: plan.id,
        type: 'ElasticNetworkInterface',
        status: task.status === 'STOPPED' ? 'DELETED' : 'ATTACHED',
        details: [
          { name: 'subnetId', value: plan.subnet.id },
          { name: 'privateIPv4Address', value: plan.address },
        ],
      },
    ],
    containers: containerReports(task),
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [] },
    enableExecuteCommand: plan.service.executeCommand,
    tags: [],
    version: 1,
  });
}

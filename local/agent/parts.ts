/** Makes the parts of the agent that know each other, and joins them. */
import { join } from 'node:path';
import { AddressPool } from './network/address-pool.ts';
import { AliasSnapshots } from './endpoints/alias-snapshots.ts';
import { awsClients } from './aws/clients.ts';
import { CloudMapSync } from './aws/cloud-map-sync.ts';
import { RegistrySync } from './aws/registry-sync.ts';
import { ControlPlaneChannel } from './aws/control-plane-channel.ts';
import { readRegion, type TaskDefinitionCache } from './aws/read-region.ts';
import { ServicesReader } from './aws/read-services.ts';
import { Certificates } from './certificates/certificates.ts';
import { ComplaintBook } from './reports/complaint-book.ts';
import type { Complain } from '../region/complaints.ts';
import type { AgentConfig } from '../region/agent-config.ts';
import type { Tools } from './core/container-command.ts';
import { ORDERS_FILE } from '../region/orders.ts';
import { taskLogsIn } from '../region/tasks.ts';
import type { RegionState } from './core/region-state.ts';
import type { TaskPlan } from './core/task-plan.ts';
import { EdsDirectory } from './endpoints/eds-directory.ts';
import { usersOfFormerLists } from './endpoints/former-lists.ts';
import { regionFunctions } from './functions/region-functions.ts';
import { EndpointPublisher } from './endpoints/endpoint-publisher.ts';
import { imageSource } from './runtime/image-source.ts';
import { LoadBalancerController } from './load-balancers/load-balancer-controller.ts';
import { Changes } from './loop/changes.ts';
import { Inventory } from './loop/inventory.ts';
import { RegionReader } from './loop/region-reader.ts';
import { RESOLVERS } from './logs/log-keeper.ts';
import { opening, taskContext } from './loop/task-context.ts';
import { TaskStarter } from './loop/task-starter.ts';
import { OrdersFile } from './orders/orders-file.ts';
import { run as runCommand } from './runtime/command.ts';
import { FrontDoorProcess } from './runtime/front-door.ts';
import { LoadBalancerProcess } from './runtime/load-balancer-process.ts';
import { Task, type TaskContext } from './runtime/task.ts';
import { VpcResolver } from './runtime/vpc-resolver.ts';
import { VpcRouter } from './runtime/vpc-router.ts';
import { ScalingController } from './services/scaling-controller.ts';
import { ServiceController } from './services/service-controller.ts';
import { TaskRuns } from './services/task-runs.ts';
import { RefusedOut } from './reports/refused-out.ts';
import { tellServices } from './reports/tell-services.ts';
import { ApiEndpoint } from './task-endpoint/api-endpoint.ts';
import { RoleCredentialsSource } from './task-endpoint/role-credentials.ts';
import { TaskLook } from './task-endpoint/seen-task.ts';
import { TaskEndpoint } from './task-endpoint/task-endpoint.ts';
import { TaskStats } from './task-endpoint/task-stats.ts';
import { apiClients, VpcNetworks } from './network/vpc-network.ts';
import { outsideParts } from './network/outside-parts.ts';
import { VpcResolvers } from './network/vpc-resolvers.ts';

/** Makes the parts that know each other: who reads, who decides, and who publishes. None of them does anything by itself yet. */
export function makeParts(config: AgentConfig, tools: Tools, note: (message: string) => void) {
  const run = join(config.stateDirectory, 'run');
  const socketDirectory = join(run, 's');
  const otlpSockets = { http: join(socketDirectory, 'otlp-http'), grpc: join(socketDirectory, 'otlp-grpc') };
  const aws = awsClients(config.endpoint, config.region);
  const channel = new ControlPlaneChannel(config.endpoint);
  const changes = new Changes();
  const onChange = changes.note;
  const tasks = new Map<string, Task>();
  const addresses = new AddressPool();
  const resolvers = new VpcResolvers({
    ...{ directory: join(run, 'names'), logDirectory: join(config.stateDirectory, 'logs', RESOLVERS) },
    ...{ region: config.region, onChange, log: note },
    start: (router, address, files) => VpcResolver.start(router, address, files, { tools, rootless: config.rootless }),
  });
  const networks = new VpcNetworks(
    async (vpcId) => {
      const router = await VpcRouter.start();
      await resolvers.open(vpcId, router);
      await beyond.waysOut.open(vpcId, router, reader.state?.vpcCidrs.get(vpcId) ?? []);
      return router;
    },
    () => beyond.openNames.openWays(),
  );
  const registries = new RegistrySync(aws.cloudMap);
  const orders = new OrdersFile(join(run, ORDERS_FILE), note);
  const lostZones = () => orders.orders.lostZones;
  const minuteMs = () => orders.orders.minuteSeconds * 1000;
  const aliases = new AliasSnapshots(join(run, 'aliases.json'));
  const certificates = new Certificates(join(run, 'tls'), join(run, 'authorities/kept.json'), note);
  const eds: EdsDirectory = new EdsDirectory(join(run, 'eds'), config.region, (former) =>
    usersOfFormerLists(inventory.proxies(), former),
  );
  const shared = { channel, addresses, lostZones, onChange, log: note };
  const directories = { edsDirectory: eds.path, tlsDirectory: certificates.path };
  const endpoints = new EndpointPublisher(eds, new CloudMapSync(aws.cloudMap), lostZones, onChange);
  /** What can't be made real, as `status` and the console show it. */
  const book = new ComplaintBook({
    log: note,
    onNew: (resource, message) => {
      const balancersOf = (group: string) => loadBalancers.balancersOf(group);
      const told = { services: reader.state?.services ?? [], balancersOf, controller: services };
      if (tellServices(resource, message, told)) onChange();
    },
  });
  const logs = join(config.stateDirectory, 'logs');
  const beyond = outsideParts({ run, logs, book, onChange, log: note });
  const loadBalancers: LoadBalancerController = new LoadBalancerController({
    ...shared,
    ...directories,
    config,
    elbv2: aws.elbv2,
    acm: aws.acm,
    networks,
    startProcess: (...how) => LoadBalancerProcess.start(...how),
    adoptProcess: (...how) => LoadBalancerProcess.adopt(...how),
    openDoor: (...how) => FrontDoorProcess.open(...how),
    adoptDoor: (...how) => FrontDoorProcess.adopt(...how),
  });
  const planner = {
    ...directories,
    region: config.region,
    runDirectory: join(run, 'task'),
    logDirectory: taskLogsIn(join(config.stateDirectory, 'logs')),
    socketDirectory,
  };
  const startTask = (plan: TaskPlan): void => {
    starter.start(plan);
  };
  const services: ServiceController<Task> = new ServiceController<Task>({
    ...shared,
    aliases,
    planner,
    tasks,
    startTask,
    targetHealth: (task) => loadBalancers.health.of(task),
    forwardedTo: (ruleArn) => loadBalancers.rules.forwardedTo(ruleArn),
    minuteMs,
  });
  const runs: TaskRuns = new TaskRuns({ ...shared, planner, tasks, startTask });
  const scaling: ScalingController = new ScalingController({
    ...aws,
    channel,
    book,
    services: () => reader.state?.services ?? [],
    log: note,
  });
  const regionSources = {
    aws,
    channel,
    services: new ServicesReader(aws.ecs),
    cache: new Map() as TaskDefinitionCache,
  };
  const readState = (complain: Complain): Promise<RegionState> => readRegion(regionSources, complain);
  const reader: RegionReader = new RegionReader({ book, readState, loadBalancers, services, scaling });
  const inventory: Inventory = new Inventory({ tasks, loadBalancers, networks, resolvers, aliases, ...beyond });
  const { region } = config;
  const refusedOut = new RefusedOut({
    ...{ book, networks, inventory, state: () => reader.state },
    open: () => beyond.openNames.openWays(),
  });
  const taskEndpoint = new TaskEndpoint({
    tasks,
    look: new TaskLook(runCommand),
    stats: new TaskStats(tools.machine.cgroups),
    credentials: new RoleCredentialsSource(aws.sts),
    log: note,
  });
  const apiEndpoint = new ApiEndpoint({
    endpoint: config.endpoint,
    clients: () => apiClients(inventory.interfaces()),
    state: () => reader.state,
  });
  const machine = {
    ...{ envoyPath: config.envoyPath, tools, rootless: config.rootless, image: imageSource(config) },
    ...{ onChange, otlpSockets, socketDirectory },
  };
  const functions = regionFunctions({ config, tools, aws, channel, log: note });
  const openEndpoints = opening(taskEndpoint, apiEndpoint);
  const contextOf = (plan: TaskPlan, router: VpcRouter): TaskContext =>
    taskContext(plan, router, { aws, region, machine, services, endpoints, loadBalancers, openEndpoints });
  const newTask = (plan: TaskPlan, router: VpcRouter): Task => new Task(plan, contextOf(plan, router));
  const starter: TaskStarter = new TaskStarter({ tasks, addresses, networks, services, runs, changes, newTask });
  return {
    ...beyond,
    refusedOut,
    ...{ run, otlpSockets, aws, channel, changes, tasks, addresses, networks, resolvers, registries, orders, minuteMs },
    ...{
      certificates,
      endpoints,
      book,
      loadBalancers,
      services,
      runs,
      scaling,
      reader,
      inventory,
      contextOf,
      openEndpoints,
      functions,
    },
  };
}

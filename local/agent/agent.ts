/**
 * The reconcile loop: reads the region's state, makes it real, writes back what is. Level-triggered: each pass looks at
 * the whole and does what is missing, so it does not matter which event was lost.
 */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AddressPool } from './network/address-pool.ts';
import { AliasSnapshots } from './endpoints/alias-snapshots.ts';
import { awsClients, type AwsClients } from './aws/clients.ts';
import { deregistrationDelay } from './aws/deregistration-delay.ts';
import { formerTasksStopped } from './aws/former-tasks.ts';
import { CloudMapSync } from './aws/cloud-map-sync.ts';
import { ControlPlaneChannel } from './aws/control-plane-channel.ts';
import { oneLine } from '../region/one-line.ts';
import { readRegion, type TaskDefinitionCache } from './aws/read-region.ts';
import { ServicesReader } from './aws/read-services.ts';
import { secretValues } from './aws/secret-values.ts';
import { Certificates } from './certificates/certificates.ts';
import { ComplaintBook } from './reports/complaint-book.ts';
import type { AgentConfig } from '../region/agent-config.ts';
import type { Tools } from './core/container-command.ts';
import type { Ledger } from './core/ledger.ts';
import { permissionsOf } from './core/network/security-groups.ts';
import { servicesConcerned } from './core/observation/concerned.ts';
import { OBSERVATION_SOCKET } from '../region/observation.ts';
import { ORDERS_FILE } from '../region/orders.ts';
import type { RegionState } from './core/region-state.ts';
import type { TaskPlan } from './core/task-plan.ts';
import { currentAliases, tlsNamesOf } from './core/topology/service-connect.ts';
import { testEdsName } from './core/eds-names.ts';
import { watchRoom } from './disk-full.ts';
import { EdsDirectory } from './endpoints/eds-directory.ts';
import { usersOfFormerLists } from './endpoints/former-lists.ts';
import { EndpointPublisher } from './endpoints/endpoint-publisher.ts';
import { FaultController } from './orders/fault-controller.ts';
import { imageSource } from './image-source.ts';
import type { LedgerFile } from './take-over/ledger-file.ts';
import { LoadBalancerController } from './load-balancers/load-balancer-controller.ts';
import { serveObservation } from './observation/observation-server.ts';
import { CaptureTimes } from './logs/capture-times.ts';
import { LogKeeper } from './logs/log-keeper.ts';
import { LogShipper } from './logs/log-shipper.ts';
import { LostConnections } from './network/lost-connections.ts';
import { Reserve } from './logs/reserve.ts';
import { Observer } from './observation/observer.ts';
import { SpanStore } from './core/tracing/span-store.ts';
import { OrdersFile } from './orders/orders-file.ts';
import { PlacesFile, PLACES_FILE } from '../region/places.ts';
import { TASKS_DIRECTORY } from '../region/tasks.ts';
import type { EnvoyProcess } from './runtime/envoy-process.ts';
import { run as runCommand } from './runtime/command.ts';
import { FrontDoorProcess } from './runtime/front-door.ts';
import { LoadBalancerProcess } from './runtime/load-balancer-process.ts';
import type { NamespaceHolder } from './runtime/namespace-holder.ts';
import { disconnect } from './runtime/sockets-of.ts';
import { Task, type TaskContext } from './runtime/task.ts';
import { VpcRouter } from './runtime/vpc-router.ts';
import { ScalingController } from './services/scaling-controller.ts';
import { ServiceController } from './services/service-controller.ts';
import { TaskFiles } from './reports/task-files.ts';
import { TaskReporter } from './reports/task-reporter.ts';
import { takeOver } from './take-over/take-over.ts';
import { receiveOtlp, type OtlpSockets } from './tracing/otlp-receiver.ts';
import { SpanFile } from './tracing/span-file.ts';
import { lostAddresses, RouterLost, VpcNetworks, type AttachedInterface } from './network/vpc-network.ts';

/** How often the control plane is asked whether anything changed: a person does not notice a tenth of a second. */
const POLL_MS = 100;
/** The control plane takes an agent for gone after half a minute of silence. */
const HEARTBEAT_MS = 1_000;

export class Agent {
  readonly #config: AgentConfig;
  readonly #aws: AwsClients;
  readonly #channel: ControlPlaneChannel;
  readonly #tools: Tools;
  readonly #tasks = new Map<string, Task>();
  readonly #addresses = new AddressPool();
  readonly #networks = new VpcNetworks(() => VpcRouter.start());
  readonly #certificates: Certificates;
  readonly #endpoints: EndpointPublisher;
  readonly #services: ServiceController;
  readonly #loadBalancers: LoadBalancerController;
  readonly #faults = new FaultController();
  readonly #lostConnections = new LostConnections((place, peers) => disconnect(place, peers, runCommand));
  readonly #orders: OrdersFile;
  readonly #places: PlacesFile;
  readonly #reporter: TaskReporter;
  readonly #scaling: ScalingController;
  readonly #observer: Observer;
  readonly #definitions: TaskDefinitionCache = new Map();
  readonly #aliases: AliasSnapshots;
  readonly #serviceReader: ServicesReader;
  /** What can't be made real, for whoever asks. */
  readonly #book = new ComplaintBook({
    log: note,
    onNew: (resource, message) => {
      this.#tellServices(resource, message);
    },
  });
  readonly #ledger: LedgerFile;
  readonly #image: ReturnType<typeof imageSource>;
  readonly #socketDirectory: string;
  readonly #otlpSockets: OtlpSockets;
  /** The traces that came last, for whoever looks. */
  readonly spans = new SpanStore();
  #state: RegionState | undefined;
  /** Lost zones that load balancers send nothing to any more. */
  #shiftedAway: readonly string[] = [];
  #dirty = true;

  /** @param ledger has what an agent before this one started */
  constructor(config: AgentConfig, tools: Tools, ledger: LedgerFile) {
    this.#config = config;
    this.#ledger = ledger;
    this.#tools = tools;
    this.#aws = awsClients(config.endpoint, config.region);
    this.#channel = new ControlPlaneChannel(config.endpoint);
    this.#serviceReader = new ServicesReader(this.#aws.ecs);
    this.#image = imageSource(config);
    const run = join(config.stateDirectory, 'run');
    this.#socketDirectory = join(run, 's');
    this.#otlpSockets = {
      http: join(this.#socketDirectory, 'otlp-http'),
      grpc: join(this.#socketDirectory, 'otlp-grpc'),
    };
    const eds = new EdsDirectory(join(run, 'eds'), config.region, (former) =>
      usersOfFormerLists(this.#proxies(), former),
    );
    this.#certificates = new Certificates(join(run, 'tls'), join(run, 'authorities/kept.json'), note);
    this.#orders = new OrdersFile(join(run, ORDERS_FILE), note);
    this.#places = new PlacesFile(join(run, PLACES_FILE));
    const lostZones = () => this.#orders.orders.lostZones;
    this.#endpoints = new EndpointPublisher(eds, new CloudMapSync(this.#aws.cloudMap), lostZones, this.#onChange);
    const shared = { channel: this.#channel, addresses: this.#addresses, lostZones, log: note };
    this.#loadBalancers = new LoadBalancerController({
      ...shared,
      config,
      elbv2: this.#aws.elbv2,
      acm: this.#aws.acm,
      networks: this.#networks,
      startProcess: (...how) => LoadBalancerProcess.start(...how),
      adoptProcess: (...how) => LoadBalancerProcess.adopt(...how),
      openDoor: (...how) => FrontDoorProcess.open(...how),
      adoptDoor: (...how) => FrontDoorProcess.adopt(...how),
      edsDirectory: eds.path,
      tlsDirectory: this.#certificates.path,
      onChange: this.#onChange,
    });
    this.#aliases = new AliasSnapshots(join(run, 'aliases.json'));
    this.#services = new ServiceController({
      ...shared,
      aliases: this.#aliases,
      planner: {
        region: config.region,
        runDirectory: join(run, 'task'),
        logDirectory: join(config.stateDirectory, 'logs/tasks'),
        edsDirectory: eds.path,
        tlsDirectory: this.#certificates.path,
        socketDirectory: this.#socketDirectory,
      },
      tasks: this.#tasks,
      startTask: (plan) => {
        this.#startTask(plan);
      },
      targetHealth: (task) => this.#loadBalancers.health.of(task),
      forwardedTo: (ruleArn) => this.#loadBalancers.rules.forwardedTo(ruleArn),
      minuteMs: () => this.#orders.orders.minuteSeconds * 1000,
      onChange: this.#onChange,
    });
    new LogShipper(this.#aws.cloudWatchLogs, this.#tasks, join(run, 'logs-sent.json'), note);
    new CaptureTimes(this.#tasks);
    const logs = join(config.stateDirectory, 'logs');
    // Any of them may be a disk of its own.
    void watchRoom(this.#book, [config.stateDirectory, run, logs]);
    const reserve = new Reserve(runCommand);
    void new LogKeeper({ directory: logs, tasks: this.#tasks, book: this.#book, reserve }).run();
    const services = () => this.#state?.services ?? [];
    this.#scaling = new ScalingController({
      ...this.#aws,
      channel: this.#channel,
      book: this.#book,
      services,
      log: note,
    });
    this.#observer = new Observer({
      aws: this.#aws,
      state: () => this.#state,
      tasks: this.#tasks,
      loadBalancers: this.#loadBalancers,
      networks: this.#networks,
      permissions: () => permissionsOf({ interfaces: this.#interfaces(), groups: this.#state?.securityGroups ?? [] }),
      minuteMs: () => this.#orders.orders.minuteSeconds * 1000,
      onSent: (at) => this.#channel.closeMinute(at),
      onMinute: (minute) => {
        this.#scaling.minute(minute).catch((error: unknown) => {
          note(`scaling failed and is tried again in a minute: ${oneLine(error)}`);
        });
      },
      log: note,
    });
    serveObservation(join(run, OBSERVATION_SOCKET), this.#observer, this.spans, this.#book, note);
    this.#reporter = new TaskReporter(this.#channel, new TaskFiles(join(run, TASKS_DIRECTORY)), {
      failed: (task) => {
        this.#services.taskFailed(task);
        this.#dirty = true;
      },
      over: (task) => {
        this.#tasks.delete(task.plan.id);
        this.#loadBalancers.health.forget(task);
        this.#addresses.give(task.plan.address);
        this.#dirty = true;
      },
    });
  }

  readonly #onChange = (): void => {
    this.#dirty = true;
  };

  /** Every proxy that sends something to tasks. */
  #proxies(): EnvoyProcess[] {
    const sidecars = [...this.#tasks.values()].flatMap(({ sidecar }) => sidecar ?? []);
    return [...sidecars, ...this.#loadBalancers.envoys().flatMap(({ envoys }) => [...envoys.values()])];
  }

  /**
   * Runs until the process ends. What fails is told and tried again: the next pass sees the whole anew. A control plane
   * that does not answer keeps nothing from what can be done without it.
   * @throws RouterLost when nothing that runs has a network any more: only a new agent helps
   */
  async run(onReady: () => void): Promise<never> {
    this.#loadBalancers.health.start();
    this.#observer.start();
    const spanFile = new SpanFile(join(this.#config.stateDirectory, 'logs/spans.jsonl'));
    await receiveOtlp(this.#otlpSockets, (spans) => {
      this.spans.add(spans);
      spanFile.add(spans);
    });
    /** -1 when the state has to be read again. */
    let version = -1;
    let epoch: string | undefined;
    let lastComplaint = '';
    let tookOver = false;
    let formerTasksKnown = false;
    let ready = false;
    this.#beat();
    for (;;) {
      try {
        if (this.#orders.look()) this.#dirty = true;
        const { version: now, epoch: found } = await this.#channel.version();
        if (epoch !== undefined && found !== epoch) {
          note('the control plane was restarted: it is told everything anew');
          this.#resync();
          version = -1;
        }
        epoch = found;
        if (now !== version) {
          version = (await this.#read()) ? now : -1;
          this.#dirty = true;
        }
        // What an agent before this one started must not be ended because it can't be read what is wanted.
        const known = this.#loadBalancers.known || this.#ledger.former === undefined;
        if (!formerTasksKnown && this.#state !== undefined && known) {
          if (!tookOver) await this.#takeOver(this.#state);
          tookOver = true;
          const alive = new Set([...this.#tasks.values()].map(({ plan }) => plan.arn));
          await this.#channel.putTasks(await formerTasksStopped(this.#aws.ecs, alive));
          formerTasksKnown = true;
        }
        lastComplaint = '';
      } catch (error) {
        const complaint = `the region's state can't be read and is read again: ${oneLine(error)}`;
        if (complaint !== lastComplaint) note(complaint);
        lastComplaint = complaint;
        version = -1;
      }
      if (this.#dirty && this.#state !== undefined && formerTasksKnown) {
        this.#dirty = false;
        await this.#pass(this.#state).catch((error: unknown) => {
          if (error instanceof RouterLost) throw error;
          // Every step has a net of its own; what falls beside it must not end every task of the region.
          note(`a pass failed and is tried again: ${oneLine(error)}`);
        });
      }
      if (!ready && formerTasksKnown) {
        ready = true;
        onReady();
      }
      if (!this.#dirty || version === -1) await setTimeout(POLL_MS);
      else await setTimeout(POLL_MS / 10);
    }
  }

  /** @returns whether everything was read; what was not stays as it was */
  async #read(): Promise<boolean> {
    const region = { aws: this.#aws, services: this.#serviceReader, cache: this.#definitions };
    const done = await Promise.all([
      this.#book.step('state of the region', async (complain) => {
        this.#state = await readRegion(region, complain);
      }),
      this.#book.step('reading load balancers', (complain) => this.#loadBalancers.read(complain)),
      this.#book.step('reading deployments', (complain) => this.#services.readUnderWay(complain)),
      this.#book.step('reading scaling', (complain) => this.#scaling.read(complain)),
    ]);
    return done.every(Boolean);
  }

  #tellServices(resource: string, message: string): void {
    const balancersOf = (group: string): readonly string[] => this.#loadBalancers.balancersOf(group);
    const concerned = servicesConcerned(resource, this.#state?.services ?? [], balancersOf).map(({ arn }) => arn);
    const unread = concerned.length === 0 && /^arn:[^:]*:ecs:[^:]*:[^:]*:service\//.test(resource) ? [resource] : [];
    for (const arn of [...concerned, ...unread]) this.#services.complainedAbout(arn, message);
    if (concerned.length + unread.length > 0) this.#dirty = true;
  }

  /** Beside the passes: on a busy machine one of them may take longer than the control plane would wait. */
  #beat(): void {
    // When the control plane does not answer, the pass says so.
    this.#channel.heartbeat().catch(() => undefined);
    // Timers (retry times, grace periods, bake times) have no event of their own.
    this.#dirty = true;
    globalThis.setTimeout(() => {
      this.#beat();
    }, HEARTBEAT_MS);
  }

  /** A restarted control plane may have lost the last moment, and forgets tasks. */
  #resync(): void {
    this.#reporter.resync();
    this.#services.resync();
    this.#loadBalancers.health.resync();
    this.#endpoints.resync();
  }

  /** Each step goes on after the one before it, whatever became of that; and each thing by itself within a step. */
  async #pass(state: RegionState): Promise<void> {
    const { orders } = this.#orders;
    const book = this.#book;
    const targetGroups = this.#loadBalancers.targetGroups();
    this.#stopOnRequest(state);
    const names = [...tlsNamesOf(state), ...this.#loadBalancers.tlsNames()];
    await book.each(
      'certificates',
      names,
      ({ serverName }) => `certificate of ${serverName}`,
      (name) => this.#certificates.keep([name], orders.rotateCertificatesBefore),
    );
    this.#certificates.forgetOthers(names);
    await book.step('new endpoints', (complain) => this.#endpoints.prepare(state, targetGroups, complain));
    await this.#loadBalancers.reconcile(state, book);
    await this.#services.reconcile(state, book);
    // Before anybody sends requests to what is new in it.
    await book.step('ledger', async () => this.#ledger.write(await this.#written()));
    // A zone is cut once the load balancers were told: until then each request that they send there would fail.
    const cut = orders.lostZones.filter((zone) => this.#shiftedAway.includes(zone));
    const interfaces = this.#interfaces();
    await this.#lostConnections.around(lostAddresses(interfaces, cut), this.#holders(), book, () =>
      this.#networks.enforce(state, interfaces, cut, book),
    );
    await this.#refreshTasks(state);
    const known = this.#namesInProxies();
    await book.step('endpoints', (complain) =>
      this.#endpoints.publish(this.#tasks.values(), state, targetGroups, this.#services.traffic(), known, complain),
    );
    this.#shiftedAway = orders.lostZones;
    if (cut.length < orders.lostZones.length) this.#dirty = true;
    await this.#loadBalancers.rules.shift(this.#services.targetShifts(state), book);
    await this.#faults.apply(this.#tasks.values(), orders, book);
    await book.step('tasks', () => this.#reporter.report(this.#tasks, book));
    await this.#loadBalancers.health.report([...this.#tasks.values()], book);
    await book.step('file of places', () => this.#places.write(this.#loadBalancers.places()));
  }

  async #refreshTasks(state: RegionState): Promise<void> {
    const serviceOf = ({ plan }: Task): string => plan.service.arn;
    await this.#book.each('proxies of tasks', [...this.#tasks.values()], serviceOf, async (task, complain) => {
      await task.refresh((aliases) => currentAliases(aliases, state));
      const { refusal } = task;
      if (refusal !== undefined)
        complain(serviceOf(task), `Envoy refuses the configuration of the Service Connect proxy: ${refusal}`);
    });
  }

  /** Lists of endpoints that a proxy may ask for, though nobody may serve there any more. */
  #namesInProxies(): string[] {
    const ofTasks = [...this.#tasks.values()].flatMap(({ plan }) => plan.sidecar?.aliases ?? []);
    const names = [...this.#aliases.edsNames(), ...ofTasks.map(({ edsName }) => edsName)];
    return names.flatMap((name) => [name, testEdsName(name)]);
  }

  async #takeOver(state: RegionState): Promise<void> {
    await takeOver(this.#ledger.former, {
      run: join(this.#config.stateDirectory, 'run'),
      networks: this.#networks,
      loadBalancers: this.#loadBalancers,
      addresses: this.#addresses,
      tasks: this.#tasks,
      planOf: (former) => this.#services.formerPlan(former, state),
      adoptRouter: (identity) => VpcRouter.adopt(identity),
      adoptTask: (plan, former, router) => {
        this.#services.adopted(plan);
        return Task.adopt(plan, this.#taskContext(plan, router), former);
      },
      log: note,
    });
    // Tasks of an older deployment whose targets nobody has looked at yet would seem to serve nobody, and leave at once.
    await this.#loadBalancers.health.look();
  }

  /** For the agent after this one. */
  async #written(): Promise<Omit<Ledger, 'namespaces'>> {
    const routers = [...(await this.#networks.routers())].map(([vpcId, { identity }]) => ({
      vpcId,
      process: identity,
    }));
    const tasks = [...this.#tasks.values()].flatMap(({ ledger }) => ledger ?? []);
    return { routers, tasks, ...this.#loadBalancers.ledger() };
  }

  #taskContext(plan: TaskPlan, router: VpcRouter): TaskContext {
    return {
      router,
      envoyPath: this.#config.envoyPath,
      tools: this.#tools,
      rootless: this.#config.rootless,
      image: this.#image,
      secrets: (definition) => secretValues(definition, this.#aws),
      note: (message) => {
        this.#services.note(plan.service, message);
      },
      onChange: this.#onChange,
      withdrawn: (dead) => this.#endpoints.published(plan, dead),
      deregistration: async () => ({
        balancers: this.#loadBalancers.interfaces().map(({ address }) => address),
        seconds: await deregistrationDelay(
          this.#aws.elbv2,
          plan.targets.map(({ targetGroupArn }) => targetGroupArn),
        ),
      }),
      otlpSockets: this.#otlpSockets,
      socketDirectory: this.#socketDirectory,
    };
  }

  #startTask(plan: TaskPlan): void {
    const failed = (error: unknown): void => {
      this.#addresses.give(plan.address);
      this.#services.startFailed(plan, oneLine(error));
      this.#dirty = true;
    };
    this.#networks.router(plan.subnet.vpcId).then((ready) => {
      const task = new Task(plan, this.#taskContext(plan, ready));
      this.#tasks.set(plan.id, task);
      this.#dirty = true;
      return task.start();
    }, failed);
  }

  #stopOnRequest(state: RegionState): void {
    for (const [id, reason] of state.tasksToStop) {
      const task = this.#tasks.get(id);
      if (task?.wanted === true) void task.stop({ code: 'UserInitiated', reason });
    }
  }

  /** What has a network of its own, the way in first. */
  #holders(): Map<string, NamespaceHolder> {
    const ofTasks = [...this.#tasks.values()].flatMap(({ plan, holder }) =>
      holder === undefined ? [] : [[plan.arn, holder] as const],
    );
    return new Map([...this.#loadBalancers.places(), ...ofTasks]);
  }

  #interfaces(): AttachedInterface[] {
    const ofTasks = [...this.#tasks.values()].map(({ plan }) => ({
      address: plan.address,
      securityGroupIds: plan.deployment.securityGroupIds,
      vpcId: plan.subnet.vpcId,
      zone: plan.subnet.zone,
    }));
    return [...ofTasks, ...this.#loadBalancers.interfaces()];
  }
}

function note(message: string): void {
  console.log(`${new Date().toISOString()} ${message}`);
}

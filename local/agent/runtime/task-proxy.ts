/** The Service Connect proxy of one task: started or taken over, told how its aliases are called, asked whether it took that. */
import { join } from 'node:path';
import { SIDECAR_NAME } from '../../region/sidecar-name.ts';
import type { ProcessIdentity } from '../../region/process-identity.ts';
import { containerLog } from '../core/container-logs.ts';
import { sidecarBootstrap, sidecarResources } from '../core/envoy/sidecar.ts';
import type { ClientAlias, Sidecar } from '../core/mesh.ts';
import { asProxyUser, proxyUserId } from '../core/proxy-user.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import { DiscoveryFiles } from './discovery-files.ts';
import type { EnvoyFiles, EnvoyProcess } from './envoy-process.ts';
import type { NamespaceHolder } from './namespace-holder.ts';
import { TakeUp } from './take-up.ts';
import type { TaskContext } from './task-context.ts';
import type { TaskEdges } from './task-edges.ts';

export interface ProxyOwner {
  readonly wanted: () => boolean;
  /** The proxy ended, by whatever hand. */
  readonly proxyEnded: () => void;
}

export class TaskProxy {
  readonly #plan: TaskPlan;
  readonly #context: TaskContext;
  readonly #edges: TaskEdges;
  readonly #owner: ProxyOwner;
  #envoy: EnvoyProcess | undefined;
  #discovery: DiscoveryFiles | undefined;
  #takeUp: TakeUp | undefined;

  constructor(plan: TaskPlan, context: TaskContext, edges: TaskEdges, owner: ProxyOwner) {
    this.#plan = plan;
    this.#context = context;
    this.#edges = edges;
    this.#owner = owner;
  }

  /** Absent before it is started, and in a task that is not in Service Connect. */
  get envoy(): EnvoyProcess | undefined {
    return this.#envoy;
  }

  /** Why it refused what it was given last; it goes on with what it had. */
  get refusal(): string | undefined {
    return this.#takeUp?.refusal;
  }

  /** @returns when it is LIVE. @throws Error when it never is */
  async start(sidecar: Sidecar, holder: NamespaceHolder): Promise<void> {
    const { rootless, tools } = this.#context;
    const resources = sidecarResources(sidecar);
    this.#discovery = new DiscoveryFiles(sidecar.configDirectory);
    await this.#discovery.write(resources);
    this.#envoy = await this.#edges.startProxy(
      holder,
      this.#files(sidecar),
      sidecarBootstrap(sidecar),
      // In a user namespace with one mapped id there is no other user.
      (command) => (rootless ? command : asProxyUser(proxyUserId(this.#plan.address), command, tools)),
    );
    await this.#envoy.ready();
    this.#watch(this.#envoy);
    void this.#takeUp?.look(resources);
  }

  adopt(sidecar: Sidecar, identity: ProcessIdentity): void {
    this.#discovery = new DiscoveryFiles(sidecar.configDirectory);
    this.#envoy = this.#edges.adoptProxy(this.#files(sidecar), identity);
    this.#watch(this.#envoy);
  }

  /** Lets it take up how its aliases are called now. */
  async refresh(aliases: (known: readonly ClientAlias[]) => readonly ClientAlias[]): Promise<void> {
    const { sidecar } = this.#plan;
    if (sidecar === undefined || !this.#owner.wanted()) return;
    const resources = sidecarResources({ ...sidecar, aliases: aliases(sidecar.aliases) });
    const changed = await this.#discovery?.write(resources).catch((error: unknown) => {
      // The directory of a task that is asked to stop meanwhile goes away.
      if (this.#owner.wanted()) throw error;
    });
    if (changed === true) void this.#takeUp?.look(resources);
  }

  #files({ adminSocketPath }: Sidecar): EnvoyFiles {
    return {
      binary: this.#context.envoyPath,
      configFile: join(this.#plan.runDirectory, 'envoy.json'),
      adminSocket: adminSocketPath,
      logFile: containerLog(this.#plan, SIDECAR_NAME),
    };
  }

  #watch(envoy: EnvoyProcess): void {
    this.#takeUp = new TakeUp(envoy, containerLog(this.#plan, SIDECAR_NAME), this.#context.onChange);
    void envoy.process.exited.then(() => {
      this.#owner.proxyEnded();
    });
  }
}

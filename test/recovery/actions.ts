/** What a person does while something dies: each ends when the region said what became of it. */
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  ListServiceDeploymentsCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { Cdk, synth } from '../../local/deploy/cdk.ts';
import { findService } from '../../local/region/ecs.ts';
import { ROOT, STATE } from '../../local/region/paths.ts';
import { projectCopy, withVariables } from '../region.ts';
import type { Clients } from './agreement.ts';
import type { Expected } from './differences.ts';
import type { ActionName } from './plan.ts';

const VERSION = 'RECOVERY_VERSION';
const STACK = 'HighlandsServiceB';
const VERSIONS = ['one', 'two'] as const;
const BROKEN = 'broken';

/** service-b with one more environment variable: `one`, `two`, and a version whose tasks end at once. */
async function assembly(version: string): Promise<string> {
  const broken = version === BROKEN ? "BIND_ADDRESS: 'nonsense'," : '';
  const change = withVariables(`${VERSION}: '${version}', ${broken}`);
  const copy = projectCopy(join(ROOT, 'service-b'), join(STATE, 'recovery', version), 'lib/service-b-stack.ts', change);
  return synth(relative(ROOT, copy), join(copy, 'cdk.out'));
}

/** The region's word: that it was done, or why not. */
export type Word = { readonly done: true } | { readonly done: false; readonly reason: string };

export class Actions {
  readonly #clients: Clients;
  readonly #assemblies = new Map<string, string>();
  readonly #counts = new Map([
    ['service-a', 2],
    ['service-b', 2],
    ['service-c', 2],
  ]);
  #version: string | undefined;
  #deployments = new Map<string, string>();

  constructor(clients: Clients) {
    this.#clients = clients;
  }

  /** Synthesises what will be deployed. */
  async prepare(): Promise<void> {
    for (const version of [...VERSIONS, BROKEN]) this.#assemblies.set(version, await assembly(version));
  }

  get expected(): Expected {
    return {
      counts: this.#counts,
      version: this.#version === undefined ? undefined : [VERSION, this.#version],
      deployments: this.#deployments,
    };
  }

  /** @param killed resolves when something has died */
  async act(action: ActionName, killed: Promise<void>): Promise<Word> {
    this.#deployments.clear();
    switch (action) {
      case 'deploy':
        return this.#deploy(this.#next());
      case 'broken deploy':
        return this.#deploy(BROKEN);
      case 'scale':
        return this.#scale();
      case 'new deployment':
        return this.#update('service-c', { forceNewDeployment: true });
      case 'blue/green':
        return this.#blueGreen(killed);
      case 'recreate':
        await this.#delete();
        return this.#deploy(this.#next());
    }
  }

  /** Whatever became of the last action, the same again has to come through now that nothing dies. */
  async repair(action: ActionName): Promise<Word> {
    return action === 'broken deploy' ? { done: true } : this.act(action, Promise.resolve());
  }

  #next(): string {
    return this.#version === VERSIONS[0] ? VERSIONS[1] : VERSIONS[0];
  }

  async #deploy(version: string): Promise<Word> {
    try {
      await new Cdk(() => undefined).deploy('service-b', this.#assemblies.get(version) ?? '');
      this.#version = version;
      // A template has the count too, but an update that leaves it as it is does not set it again.
      return { done: true };
    } catch (error) {
      return { done: false, reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async #scale(): Promise<Word> {
    const count = this.#counts.get('service-b') === 2 ? 3 : 2;
    const word = await this.#update('service-b', { desiredCount: count });
    if (word.done) this.#counts.set('service-b', count);
    this.#deployments.clear();
    return word;
  }

  async #update(name: string, change: Partial<UpdateServiceCommandInput>): Promise<Word> {
    try {
      const { clusterArn: cluster, serviceArn: service } = await findService(this.#clients.ecs, name);
      const answer = await this.#clients.ecs.send(new UpdateServiceCommand({ cluster, service, ...change }));
      const id = answer.service?.deployments?.[0]?.id;
      if (id !== undefined) this.#deployments.set(name, id);
      return { done: true };
    } catch (error) {
      return { done: false, reason: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Waits at a pause until something has died, and goes on then. */
  async #blueGreen(killed: Promise<void>): Promise<Word> {
    const word = await this.#update('service-a', {
      forceNewDeployment: true,
      deploymentConfiguration: {
        strategy: 'BLUE_GREEN',
        bakeTimeInMinutes: 0,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }],
      },
    });
    if (!word.done) return word;
    await killed;
    const { ecs } = this.#clients;
    const { clusterArn: cluster, serviceArn: service } = await findService(ecs, 'service-a');
    for (let attempt = 0; attempt < 300; attempt++) {
      try {
        const { serviceDeployments = [] } = await ecs.send(new ListServiceDeploymentsCommand({ cluster, service }));
        const arn = serviceDeployments[0]?.serviceDeploymentArn;
        const described = await ecs.send(
          new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arn === undefined ? [] : [arn] }),
        );
        const hookId = described.serviceDeployments?.[0]?.lifecycleHookDetails?.[0]?.hookId;
        if (hookId !== undefined) {
          await ecs.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn: arn, hookId }));
          return { done: true };
        }
      } catch {
        // The control plane is just coming back.
      }
      await setTimeout(100);
    }
    return { done: false, reason: 'the deployment never came to its pause' };
  }

  async #delete(): Promise<void> {
    const { cloudFormation } = this.#clients;
    await cloudFormation.send(new DeleteStackCommand({ StackName: STACK }));
    this.#counts.delete('service-b');
    for (let attempt = 0; attempt < 300; attempt++) {
      try {
        const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: STACK }));
        if (Stacks.length === 0) break;
      } catch (error) {
        if (error instanceof Error && error.message.includes('does not exist')) break;
      }
      await setTimeout(100);
    }
    this.#version = undefined;
    this.#counts.set('service-b', 2);
  }
}

/** Reads what the AWS APIs say: services at each look, the rest when the control plane says that something changed. */
import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { awsClients, type AwsClients } from '../../agent/aws/clients.ts';
import { ControlPlaneChannel } from '../../agent/aws/control-plane-channel.ts';
import { LoadBalancersReader } from '../../agent/aws/read-load-balancers.ts';
import { readNamespaces } from '../../agent/aws/read-region.ts';
import { narrowService } from '../../agent/aws/read-services.ts';
import { readTaskDefinition } from '../../agent/aws/read-task-definition.ts';
import { listServices } from '../../region/ecs.ts';
import { REGION } from '../../region/paths.ts';
import type { Region } from '../../region/region-file.ts';
import { MomentReader } from '../../deploy/waiting/read-moment.ts';
import type { AwsState } from './compose.ts';
import type { ReadDefinition } from './services.ts';

/** One that can't be read is among the agent's complaints. */
function readableService(raw: unknown): ReturnType<typeof narrowService> {
  try {
    return narrowService(raw);
  } catch {
    return undefined;
  }
}

export class AwsReader {
  readonly #aws: AwsClients;
  readonly #channel: ControlPlaneChannel;
  readonly #loadBalancers: LoadBalancersReader;
  readonly #moments: MomentReader;
  /** Task definitions never change once registered. */
  readonly #definitions = new Map<string, ReadDefinition>();
  #version = '';
  #slow: Pick<AwsState, 'namespaces' | 'loadBalancers'> = { namespaces: [], loadBalancers: [] };

  constructor({ endpoint }: Pick<Region, 'endpoint'>) {
    this.#aws = awsClients(endpoint, REGION);
    this.#channel = new ControlPlaneChannel(endpoint);
    // The directories are the agent's affair, and so is what can't be read: it tells.
    this.#loadBalancers = new LoadBalancersReader({ ...this.#aws, edsDirectory: '', tlsDirectory: '' });
    this.#moments = new MomentReader({ endpoint });
  }

  async read(): Promise<AwsState> {
    const { version, epoch } = await this.#channel.version();
    const now = `${epoch} ${String(version)}`;
    if (now !== this.#version) {
      const [namespaces, loadBalancers] = await Promise.all([
        readNamespaces(this.#aws.cloudMap, () => undefined),
        this.#loadBalancers.read(() => undefined),
      ]);
      this.#slow = { namespaces, loadBalancers };
      this.#version = now;
    }
    const raw = await listServices(this.#aws.ecs);
    const services = raw.flatMap((one) => {
      const narrow = readableService(one);
      return narrow === undefined ? [] : [{ raw: one, narrow }];
    });
    const arns = services.flatMap(({ narrow }) => narrow.deployments.map(({ taskDefinitionArn }) => taskDefinitionArn));
    for (const arn of new Set(arns)) if (!this.#definitions.has(arn)) await this.#readDefinition(arn);
    return { ...this.#slow, services, definitions: this.#definitions, moment: await this.#moments.read(raw) };
  }

  async #readDefinition(arn: string): Promise<void> {
    const { taskDefinition } = await this.#aws.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
    if (taskDefinition === undefined) return;
    this.#definitions.set(arn, { raw: taskDefinition, narrow: await readTaskDefinition(this.#aws.ecs, arn) });
  }
}

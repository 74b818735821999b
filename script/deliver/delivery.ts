/** The steps of a delivery, each of which can be a process of its own. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SSMClient } from '@aws-sdk/client-ssm';
import { SERVICE_NAMES, serviceParameters, type ServiceName } from '@highlands/connected-service/names';
import type { ListrTask } from 'listr2';
import { Cdk, synth } from '../../local/front/cdk.ts';
import { deploySteps, synthAll } from '../../local/front/commands/deploy.ts';
import { DEPLOY_ORDER, PROJECTS, type Project } from '../../local/front/projects.ts';
import { ROOT, STATE } from '../../local/front/region/paths.ts';
import { Complaint } from '../../local/front/region/region-file.ts';
import type { Architecture } from '../../local/images/oci.ts';
import { publishService, readParameter, writeImageParameter } from '../../local/images/publish.ts';
import { missingArchitectures } from './architectures.ts';
import type { Place } from './place.ts';
import { forgetRecord, readRecord, writeRecord, type ImagesBefore } from './record.ts';
import { smoke } from './smoke.ts';

const RECORD = join(STATE, 'delivery.json');
/** Written by the bootstrap stack: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html */
const BOOTSTRAP_VERSION = '/cdk-bootstrap/hnb659fds/version';
const LOG = join(STATE, 'logs/delivery.log');

export interface PublishOptions {
  readonly architectures: readonly Architecture[];
  /** Cargo's target directory. */
  readonly binaries: string;
}

export class Delivery {
  readonly #place: Place;
  readonly #ssm: SSMClient;
  #cdk: Cdk | undefined;

  constructor(place: Place) {
    this.#place = place;
    this.#ssm = new SSMClient({
      region: place.region,
      ...(place.endpoint === undefined ? {} : { endpoint: place.endpoint }),
    });
    mkdirSync(join(STATE, 'logs'), { recursive: true });
  }

  get #engine(): Cdk {
    const note = (line: string): void => {
      appendFileSync(LOG, `${line}\n`);
    };
    return (this.#cdk ??= new Cdk(note, this.#place.endpoint === undefined ? 'environment' : 'here'));
  }

  bootstrap(): ListrTask[] {
    return [
      {
        title: 'cdk bootstrap',
        task: async (_, step) => {
          // A deployment role may not do it again, and need not: a stack that wants a newer one says so.
          const version = await readParameter(this.#ssm, BOOTSTRAP_VERSION);
          if (version !== undefined) step.title += `: there already, version ${version}`;
          else await this.#engine.bootstrap(await synth('base-infra'));
        },
      },
    ];
  }

  deploy(projects: readonly Project[] = PROJECTS): ListrTask[] {
    return deploySteps(() => this.#engine, synthAll(projects), DEPLOY_ORDER);
  }

  publish({ architectures, binaries }: PublishOptions): ListrTask[] {
    return [
      {
        title: 'remember the images that run',
        task: async () => {
          const lacking = this.#place.endpoint === undefined ? missingArchitectures(architectures) : [];
          if (lacking.length > 0) throw new Complaint(lacking.join('\n'));
          writeRecord(RECORD, await this.#images());
        },
      },
      ...SERVICE_NAMES.map((service) => ({
        title: `publish ${service}`,
        task: async (_: unknown, task: { title: string }) => {
          const input = { service, repositoryRoot: ROOT, ...this.#place, architectures, target: binaries };
          task.title = `${await publishService(input)} for ${architectures.join(' and ')}`;
        },
      })),
    ];
  }

  smoke(question: () => Promise<string[]>, patience: number): ListrTask[] {
    const task = async (): Promise<void> => {
      await smoke(await question(), patience);
      forgetRecord(RECORD);
    };
    return [{ title: 'smoke test', task }];
  }

  /** @throws Complaint when no delivery is under way */
  rollBack(): ListrTask[] {
    const before = readRecord(RECORD);
    if (before === undefined)
      throw new Complaint('no delivery is under way: docs/operations.md says how to go further back');
    const former = Object.entries(before).filter((entry): entry is [ServiceName, string] => entry[1] !== null);
    if (former.length === 0)
      throw new Complaint(
        'nothing ran before this delivery, so there is nothing to go back to: repair and deliver again',
      );
    return [
      ...former.map(([service, reference]) => ({
        title: `back to ${reference}`,
        task: () => writeImageParameter(this.#ssm, service, reference),
      })),
      ...this.deploy(former.map(([service]) => service)),
      {
        title: 'the images of before run again',
        task: () => {
          forgetRecord(RECORD);
        },
      },
    ];
  }

  async #images(): Promise<ImagesBefore> {
    const images = SERVICE_NAMES.map(async (service) => [
      service,
      (await readParameter(this.#ssm, serviceParameters(service).image)) ?? null,
    ]);
    return Object.fromEntries(await Promise.all(images)) as ImagesBefore;
  }
}

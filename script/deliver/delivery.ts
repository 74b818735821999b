/** The steps of a delivery, each of which can be a process of its own. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SSMClient } from '@aws-sdk/client-ssm';
import { SERVICE_NAMES, serviceParameters, type ServiceName } from '@highlands/connected-service/names';
import type { ListrTask } from 'listr2';
import { Cdk } from '../../local/deploy/cdk.ts';
import { deploySteps } from '../../local/deploy/deploy-steps.ts';
import { DEPLOY_ORDER, PROJECTS, type Project } from '../../local/deploy/projects.ts';
import { ROOT, STATE } from '../../local/region/paths.ts';
import { Complaint } from '../../local/region/complaint.ts';
import { readBinary } from '../../local/images/cargo.ts';
import type { Architecture } from '../../local/images/oci.ts';
import { publishService, readParameter, writeImageParameter } from '../../local/images/publish.ts';
import type { Place } from './place.ts';
import { forgetRecord, readRecord, recordFile, writeRecord, type ImagesBefore } from './record.ts';
import { smoke } from './smoke.ts';
import { StageProjects } from './stage-projects.ts';

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
  readonly #record: string;
  readonly #projects: StageProjects;
  #cdk: Cdk | undefined;

  constructor(place: Place) {
    this.#place = place;
    this.#record = recordFile(place.stage);
    this.#projects = new StageProjects(place.stage);
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

  /**
   * What a delivery would otherwise miss when half of it is done and costs money.
   * @param built processors that the build step will make binaries for
   */
  check({ architectures, binaries }: PublishOptions, built: readonly Architecture[]): ListrTask[] {
    const task = async (): Promise<void> => {
      for (const project of PROJECTS) await this.#projects.templates(project);
      await this.#requireArchitectures(architectures);
      for (const architecture of architectures.filter((one) => !built.includes(one)))
        for (const service of SERVICE_NAMES) await readBinary(binaries, service, architecture);
    };
    return [{ title: 'look for what is needed', task }];
  }

  bootstrap(): ListrTask[] {
    return [
      {
        title: 'cdk bootstrap',
        task: async (_, step) => {
          // A deployment role may not do it again, and need not: a stack that wants a newer one says so.
          const version = await readParameter(this.#ssm, BOOTSTRAP_VERSION);
          if (version !== undefined) step.title += `: there already, version ${version}`;
          else await this.#engine.bootstrap(await this.#projects.assembly('base-infra'));
        },
      },
    ];
  }

  deploy(projects: readonly Project[] = PROJECTS): ListrTask[] {
    return deploySteps(() => this.#engine, this.#projects.assemblies(projects), DEPLOY_ORDER, this.#place.stage);
  }

  publish({ architectures, binaries }: PublishOptions): ListrTask[] {
    return [
      {
        title: 'remember the images that run',
        task: async () => {
          await this.#requireArchitectures(architectures);
          writeRecord(this.#record, await this.#images());
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
      forgetRecord(this.#record);
    };
    return [{ title: 'smoke test', task }];
  }

  /** Whether something was published that no smoke test has passed. */
  isUnderWay(): boolean {
    return readRecord(this.#record) !== undefined;
  }

  /** @throws Complaint when no delivery is under way */
  rollBack(): ListrTask[] {
    const before = readRecord(this.#record);
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
        task: () => writeImageParameter(this.#ssm, service, reference, this.#place.stage),
      })),
      ...this.deploy(former.map(([service]) => service)),
      {
        title: 'the images of before run again',
        task: () => {
          forgetRecord(this.#record);
        },
      },
    ];
  }

  /** The local region has this machine's processor alone, whatever a task definition says. */
  async #requireArchitectures(architectures: readonly Architecture[]): Promise<void> {
    if (this.#place.endpoint === undefined) await this.#projects.requireArchitectures(architectures);
  }

  async #images(): Promise<ImagesBefore> {
    const images = SERVICE_NAMES.map(async (service) => [
      service,
      (await readParameter(this.#ssm, serviceParameters(service, this.#place.stage).image)) ?? null,
    ]);
    return Object.fromEntries(await Promise.all(images)) as ImagesBefore;
  }
}

/** The CDK's own engine, in this process: one start for all deploys. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { execa } from 'execa';
import {
  BaseCredentials,
  BootstrapEnvironments,
  StackParameters,
  StackSelectionStrategy,
  Toolkit,
  type DeployOptions,
  type IIoHost,
} from '@aws-cdk/toolkit-lib';
import { DEFAULT_STAGE } from '@highlands/connected-service/names';
import { clientSettings, localCredentials } from '../region/client-settings.ts';
import { reasonOf } from './deploy-error.ts';
import { ACCOUNT, REGION, ROOT, STATE } from '../region/paths.ts';
import { Complaint } from '../region/complaint.ts';
import { StackEnds } from './stack-end.ts';
import { notDone, type StackView } from './stack-view.ts';
import { synthFailure } from './synth-failure.ts';

/** Where CDK messages go: a log, and the last word of a failure. */
function hostThat(note: (line: string) => void): IIoHost {
  return {
    notify: (message) => {
      note(message.message);
      return Promise.resolve();
    },
    requestResponse: (request) => Promise.resolve(request.defaultResponse),
  };
}

/** How often stack events are asked for, in milliseconds: the CLI's five seconds would be most of a local deploy. */
const EVENTS_EVERY_MS = 200;

const NOBODY: (line: string) => void = () => undefined;

const local = (endpoint: string): ReturnType<typeof BaseCredentials.custom> =>
  BaseCredentials.custom({
    region: REGION,
    provider: () => Promise.resolve().then(() => localCredentials(endpoint)),
  });

/**
 * Synthesises a project as its own cdk.json does, in a process of its own. Needs no region, no account, no network.
 * @param outdir the directory of the cloud assembly: each region has its own, so that none reads what another writes
 * @returns that directory
 * @throws Complaint with what the app said
 */
export async function synth(project: string, outdir = join(STATE, 'synth', project)): Promise<string> {
  const cwd = join(ROOT, project);
  const { exitCode, stderr } = await execa('node', ['--import', 'tsx', 'bin/app.ts'], {
    cwd,
    env: { CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' },
    reject: false,
  });
  if (exitCode !== 0) throw new Complaint(`synth of ${project} failed: ${complaintIn(stderr)}`);
  return outdir;
}

/** What an app that threw had to say, without where in the code; all of it if it ended in another way. */
function complaintIn(stderr: string): string {
  return /^\w*Error: (.+)$/m.exec(stderr)?.[1] ?? stderr.trim();
}

/** Made once the region is in the environment: it asks for the account at its first call. */
export class Cdk {
  readonly #toolkit: Toolkit;
  /** Absent on AWS, where CDK deploys with roles that may see stacks which the user may not. */
  readonly #ends: StackEnds | undefined;
  readonly #polling: { stackEventPollingInterval?: number };

  /** @param where the local region, or the account and region that the environment's credentials lead to */
  constructor(note: (line: string) => void, where: 'here' | 'environment' = 'here') {
    this.#polling = where === 'here' ? { stackEventPollingInterval: EVENTS_EVERY_MS } : {};
    const endpoint = process.env['AWS_ENDPOINT_URL'];
    this.#ends =
      where === 'here' && endpoint !== undefined
        ? new StackEnds(new CloudFormationClient(clientSettings(endpoint, REGION)))
        : undefined;
    this.#toolkit = new Toolkit({
      ioHost: hostThat(note),
      color: false,
      emojis: false,
      ...(where === 'here' ? { sdkConfig: { baseCredentials: local(endpoint ?? '') } } : {}),
    });
  }

  /** @param assemblyDirectory whose environment is meant; the local region if there is none */
  async bootstrap(assemblyDirectory?: string): Promise<void> {
    await this.#toolkit.bootstrap(
      assemblyDirectory === undefined
        ? BootstrapEnvironments.fromList([`aws://${ACCOUNT}/${REGION}`])
        : BootstrapEnvironments.fromCloudAssemblySource(await this.#toolkit.fromAssemblyDirectory(assemblyDirectory)),
    );
  }

  async destroy(assemblyDirectory: string): Promise<void> {
    await this.#toolkit.destroy(await this.#toolkit.fromAssemblyDirectory(assemblyDirectory), {
      stacks: { strategy: StackSelectionStrategy.ALL_STACKS },
    });
  }

  /**
   * Synthesises somebody else's app as its cdk.json says, with its own modules and context, without any region.
   * @throws Complaint with what the app said
   */
  async synthApp(directory: string, command: string, outdir: string): Promise<void> {
    try {
      const source = await this.#toolkit.fromCdkApp(command, {
        workingDirectory: directory,
        outdir,
        lookups: false,
        resolveDefaultEnvironment: false,
        env: { CDK_DEFAULT_ACCOUNT: ACCOUNT, CDK_DEFAULT_REGION: REGION, CDK_VALIDATION: 'false' },
      });
      await (await this.#toolkit.synth(source)).dispose();
    } catch (error) {
      // CDK has what the app wrote to its standard error as the cause, and an error of its own where it did not run.
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
      throw new Complaint(
        synthFailure(directory, command, cause === '' ? reasonOf(error) : cause, readdirSync(directory)),
      );
    }
  }

  /**
   * @param stage deploys the stacks of that stage alone; the default stage is an app's own
   * @param say hears what the deploy waits for, beyond what the region tells
   * @throws Complaint with the reason that CloudFormation gave
   */
  async deploy(project: string, assemblyDirectory: string, stage = DEFAULT_STAGE, say = NOBODY): Promise<void> {
    const stacks =
      stage === DEFAULT_STAGE
        ? { strategy: StackSelectionStrategy.MAIN_ASSEMBLY }
        : { strategy: StackSelectionStrategy.PATTERN_MUST_MATCH, patterns: [`${stage}/*`] };
    await this.#deploy(project, assemblyDirectory, { stacks }, say);
  }

  /**
   * Deploys every stack of an app, whatever its stages.
   * @param parameters values by `<stack>:<parameter>`; the others keep those of the last deploy, as with `cdk deploy`
   * @throws Complaint with the reason that CloudFormation gave
   */
  async deployAll(
    project: string,
    assemblyDirectory: string,
    parameters: Readonly<Record<string, string>>,
    say = NOBODY,
  ): Promise<void> {
    const options = {
      stacks: { strategy: StackSelectionStrategy.ALL_STACKS },
      parameters: StackParameters.withExisting(parameters),
    };
    await this.#deploy(project, assemblyDirectory, options, say);
  }

  async #deploy(
    project: string,
    assemblyDirectory: string,
    options: DeployOptions & Required<Pick<DeployOptions, 'stacks'>>,
    say: (line: string) => void,
  ): Promise<void> {
    try {
      const source = await this.#toolkit.fromAssemblyDirectory(assemblyDirectory);
      const names = (await this.#toolkit.list(source, { stacks: options.stacks })).map(({ name }) => name);
      const before = new Map<string, StackView | undefined>();
      for (const name of names)
        before.set(
          name,
          await this.#ends?.settled(name, ({ status }) => {
            say(`stack ${name} is ${status} by another deploy: this one begins when that has ended`);
          }),
        );
      await this.#toolkit.deploy(source, { ...options, ...this.#polling });
      if (this.#ends === undefined) return;
      for (const name of names) {
        const why = notDone(name, before.get(name), await this.#ends.settled(name));
        if (why !== undefined) throw new Error(why);
      }
    } catch (error) {
      throw new Complaint(`deploy of ${project} failed: ${reasonOf(error)}`);
    }
  }
}

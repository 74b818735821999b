/** The CDK's own engine, in this process: one start for all deploys. */
import { join } from 'node:path';
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
import { LOCAL_CREDENTIALS } from '../client-settings.ts';
import { reasonOf } from './deploy-error.ts';
import { ACCOUNT, REGION, ROOT, STATE } from './region/paths.ts';
import { Complaint } from './region/region-file.ts';

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

const LOCAL = BaseCredentials.custom({
  region: REGION,
  provider: () => Promise.resolve(LOCAL_CREDENTIALS),
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
export function complaintIn(stderr: string): string {
  return /^\w*Error: (.+)$/m.exec(stderr)?.[1] ?? stderr.trim();
}

/** Made once the region is in the environment: it asks for the account at its first call. */
export class Cdk {
  readonly #toolkit: Toolkit;
  readonly #polling: { stackEventPollingInterval?: number };

  /** @param where the local region, or the account and region that the environment's credentials lead to */
  constructor(note: (line: string) => void, where: 'here' | 'environment' = 'here') {
    this.#polling = where === 'here' ? { stackEventPollingInterval: EVENTS_EVERY_MS } : {};
    this.#toolkit = new Toolkit({
      ioHost: hostThat(note),
      color: false,
      emojis: false,
      ...(where === 'here' ? { sdkConfig: { baseCredentials: LOCAL } } : {}),
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
      throw new Complaint(`synth of ${directory} failed: ${reasonOf(error)}: run \`${command}\` there to see more`);
    }
  }

  /**
   * @param stage deploys the stacks of that stage alone; the default stage is an app's own
   * @throws Complaint with the reason that CloudFormation gave
   */
  async deploy(project: string, assemblyDirectory: string, stage = DEFAULT_STAGE): Promise<void> {
    const stacks =
      stage === DEFAULT_STAGE
        ? { strategy: StackSelectionStrategy.MAIN_ASSEMBLY }
        : { strategy: StackSelectionStrategy.PATTERN_MUST_MATCH, patterns: [`${stage}/*`] };
    await this.#deploy(project, assemblyDirectory, { stacks });
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
  ): Promise<void> {
    const stacks = { strategy: StackSelectionStrategy.ALL_STACKS };
    await this.#deploy(project, assemblyDirectory, { stacks, parameters: StackParameters.withExisting(parameters) });
  }

  async #deploy(project: string, assemblyDirectory: string, options: DeployOptions): Promise<void> {
    try {
      await this.#toolkit.deploy(await this.#toolkit.fromAssemblyDirectory(assemblyDirectory), {
        ...options,
        ...this.#polling,
      });
    } catch (error) {
      throw new Complaint(`deploy of ${project} failed: ${reasonOf(error)}`);
    }
  }
}

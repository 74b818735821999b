/** The CDK's own engine, in this process: one start for all deploys. */
import { join } from 'node:path';
import { execa } from 'execa';
import {
  BaseCredentials,
  BootstrapEnvironments,
  StackSelectionStrategy,
  Toolkit,
  type IIoHost,
} from '@aws-cdk/toolkit-lib';
import { reasonOf } from './deploy-error.ts';
import { REGION, ROOT } from './region/paths.ts';
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

/**
 * Synthesises a project as its own cdk.json does, in a process of its own. Needs no region, no account, no network.
 * @returns the directory of the cloud assembly
 * @throws Complaint with what the app said
 */
export async function synth(project: string): Promise<string> {
  const cwd = join(ROOT, project);
  const outdir = join(cwd, 'cdk.out');
  const { exitCode, stderr } = await execa('node', ['--import', 'tsx', 'bin/app.ts'], {
    cwd,
    env: { CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' },
    reject: false,
  });
  if (exitCode !== 0) throw new Complaint(`synth of ${project} failed: ${stderr.trim()}`);
  return outdir;
}

/** Made once the region is in the environment: it asks for the account at its first call. */
export class Cdk {
  readonly #toolkit: Toolkit;

  constructor(note: (line: string) => void) {
    this.#toolkit = new Toolkit({
      ioHost: hostThat(note),
      color: false,
      emojis: false,
      sdkConfig: {
        baseCredentials: BaseCredentials.custom({
          region: REGION,
          provider: () => Promise.resolve({ accessKeyId: 'local', secretAccessKey: 'local' }),
        }),
      },
    });
  }

  async bootstrap(): Promise<void> {
    await this.#toolkit.bootstrap(BootstrapEnvironments.fromList([`aws://000000000000/${REGION}`]));
  }

  /** @throws Complaint with the reason that CloudFormation gave */
  async deploy(project: string, assemblyDirectory: string): Promise<void> {
    try {
      await this.#toolkit.deploy(await this.#toolkit.fromAssemblyDirectory(assemblyDirectory), {
        stacks: { strategy: StackSelectionStrategy.ALL_STACKS },
        stackEventPollingInterval: EVENTS_EVERY_MS,
      });
    } catch (error) {
      throw new Complaint(`deploy of ${project} failed: ${reasonOf(error)}`);
    }
  }
}

/** Somebody's app as the command line names it, and as it is when it has been synthesised. */
import type { BuildRequest } from '../images/docker/request.ts';
import type { Template } from '../support/check.ts';
import type { Outside } from '../region/outside.ts';
import { Complaint } from '../region/complaint.ts';

/** As commander gives them. */
export interface AppOptions {
  readonly app: readonly string[];
  readonly template: readonly string[];
  readonly parameter: Readonly<Record<string, string>>;
  readonly ssm: Readonly<Record<string, string>>;
  readonly image: Readonly<Record<string, string>>;
  /** What is open beyond the region; absent where nothing is. */
  readonly outside?: Outside;
  /** What custom resources answer: `Logical` its id, `Logical.Attribute` an attribute. */
  readonly answer?: Readonly<Record<string, string>> | undefined;
}

/** Whether there is an app, and not ours. @throws Complaint when there is something for apps, and no app */
export function namesApps(options: AppOptions): boolean {
  if (options.app.length + options.template.length > 0) return true;
  const given = (['parameter', 'ssm', 'image', 'answer'] as const).filter(
    (option) => Object.keys(options[option] ?? {}).length > 0,
  );
  if (given.length === 0) return false;
  const names = given.map((option) => `--${option}`).join(' and ');
  throw new Complaint(`${names} without an app: name one with --app or --template too`);
}

export interface AppStack {
  readonly name: string;
  readonly template: Template;
  /** The same with what its conditions leave out; absent where they have not been looked at. */
  readonly written?: Template;
  /** Absent where it follows the credentials. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** Values of its parameters at its last deploy, which hold until others are given; absent where there was none. */
  readonly before?: Readonly<Record<string, string>>;
}

/** An image that `cdk deploy` would build with Docker. */
export interface DockerAsset {
  /** Its tag. */
  readonly hash: string;
  /** Such as `Stack/Service/Image`. */
  readonly displayName: string;
  /** As the assembly calls it, for people. */
  readonly directory: string;
  /** Under which a task definition names it. */
  readonly reference: string;
  /** What it is built from. */
  readonly request: BuildRequest;
}

export interface App {
  /** The directory or file that was given. */
  readonly name: string;
  /** Directory of the cloud assembly. */
  readonly assembly: string;
  readonly stacks: readonly AppStack[];
  readonly dockerAssets: readonly DockerAsset[];
}

/** What a running region has already. */
export interface Present {
  /** References of the apps that the registry knows. */
  readonly images: ReadonlySet<string>;
  readonly parameters: ReadonlySet<string>;
  readonly exports: ReadonlySet<string>;
  /** Ids of VPCs, subnets and security groups; absent where nobody asked. */
  readonly networks?: ReadonlySet<string>;
  /** Why the images that were looked for in their registries can't be had, by reference. */
  readonly notHad?: ReadonlyMap<string, string>;
}

export const NOTHING_YET: Present = { images: new Set(), parameters: new Set(), exports: new Set() };

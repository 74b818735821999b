/** `npm run deliver`: everything from bootstrap to the smoke test, in order; what fails after publishing is rolled back. */
import { join } from 'node:path';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { ListrTask } from 'listr2';
import { cargoBuild } from '../../local/deploy/cargo-build.ts';
import { PROJECTS, type Project } from '../../local/deploy/projects.ts';
import { ROOT } from '../../local/region/paths.ts';
import { Complaint } from '../../local/region/complaint.ts';
import { runSteps, Shown } from '../../local/terminal/rendering.ts';
import { machineArchitecture, type Architecture } from '../../local/images/oci.ts';
import { QUESTION } from './answer.ts';
import { Delivery, type PublishOptions } from './delivery.ts';
import { placeOf, publicDoor } from './place.ts';

const RUST = join(ROOT, 'services-rust');
/** For the name of a new load balancer to spread. */
const PATIENCE_S = 60;

interface SmokeOptions {
  readonly url?: string;
  readonly patience: number;
}

function architectures(text: string): Architecture[] {
  const names = text.split(',');
  const known = names.filter((name) => name === 'amd64' || name === 'arm64');
  if (known.length < names.length)
    throw new InvalidArgumentError(`"${text}" is not arm64, amd64 or both with a comma.`);
  return known;
}

function seconds(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError(`"${text}" is not a number of seconds.`);
  return Number(text);
}

const place = () => placeOf(process.env, program.opts<{ stage?: string }>().stage);
const delivery = (): Delivery => new Delivery(place());
const build: ListrTask = cargoBuild(RUST).step;
const smokeSteps = (run: Delivery, { url, patience }: SmokeOptions): ListrTask[] =>
  run.smoke(
    () => (url === undefined ? publicDoor(place(), QUESTION) : Promise.resolve([`${url}/${QUESTION}`])),
    patience * 1000,
  );

const publishOptions = [
  new Option('--architectures <names>', 'processors that the images are for')
    .argParser(architectures)
    .default([machineArchitecture()], 'this machine'),
  new Option('--binaries <folder>', "cargo's target folder").default(join(RUST, 'target'), 'services-rust/target'),
];
const smokeOptions = [
  new Option('--url <url>', 'where the system answers').default(undefined, 'what base-infra put out'),
  new Option('--patience <seconds>', 'to wait for the first right answer').argParser(seconds).default(PATIENCE_S),
];

async function everything(options: PublishOptions & SmokeOptions & { build: boolean }): Promise<void> {
  const run = delivery();
  await runSteps([
    ...run.check(options, options.build ? [machineArchitecture()] : []),
    ...(options.build ? [build] : []),
    ...run.bootstrap(),
    ...run.deploy(['base-infra']),
  ]);
  try {
    await runSteps(run.publish(options));
    await runSteps([
      ...run.deploy(PROJECTS.filter((project) => project !== 'base-infra')),
      ...smokeSteps(run, options),
    ]);
  } catch (error) {
    if (run.isUnderWay()) {
      console.error('rolling back');
      await runSteps(run.rollBack());
    }
    throw error;
  }
}

const program = new Command('deliver')
  .description('deliver the system to the account and region of the environment: all steps, or the one that is named')
  .option('--stage <stage>', 'of the system, instead of the default one')
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError();
const all = program.command('all', { isDefault: true }).description('every step; what fails is rolled back');
for (const option of [...publishOptions, ...smokeOptions]) all.addOption(option);
all
  .option('--no-build', 'the binaries are there')
  .action(async (options: PublishOptions & SmokeOptions & { build: boolean }) => everything(options));
program
  .command('build')
  .description("build the services for this machine's processor")
  .action(async () => runSteps([build]));
program
  .command('bootstrap')
  .description('prepare the account for CDK')
  .action(async () => runSteps(delivery().bootstrap()));
program
  .command('deploy')
  .description('deploy projects, in the order that their templates want')
  .addArgument(new Argument('[projects...]').choices(PROJECTS))
  .action(async (projects: Project[]) => runSteps(delivery().deploy(projects.length === 0 ? PROJECTS : projects)));
const publish = program
  .command('publish')
  .description('push the images, and write their digests where stacks read them');
for (const option of publishOptions) publish.addOption(option);
publish.action(async (options: PublishOptions) => runSteps(delivery().publish(options)));
const smoke = program.command('smoke').description('ask for the answer that the system is for');
for (const option of smokeOptions) smoke.addOption(option);
smoke.action(async (options: SmokeOptions) => runSteps(smokeSteps(delivery(), options)));
program
  .command('roll-back')
  .description('run the images of before the unfinished delivery again')
  .action(async () => runSteps(delivery().rollBack()));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Shown)) console.error(error instanceof Complaint ? error.message : error);
  process.exitCode = 1;
}

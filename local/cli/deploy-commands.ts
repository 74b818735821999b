/** The commands that start, fill and end a region. */
import type { Command } from 'commander';
import { namesApps, type AppOptions } from '../apps/app.ts';
import type { OwnImage } from '../images/save-own.ts';
import { FRONT_PORT } from '../region/paths.ts';
import { NOTHING_OUTSIDE, readOutside } from '../region/outside.ts';
import { Complaint } from '../region/complaint.ts';
import type { DownOptions } from './commands/down.ts';
import type { UpOptions } from './commands/up.ts';
import { outsideAfter, withOutside, type OutsideOptions } from './outside-options.ts';
import {
  assigned,
  collected,
  PERMISSIONS,
  permissionsOption,
  port,
  stageOption,
  type Permissions,
} from './option-values.ts';

/** As commander gives them. */
type Typed = Omit<AppOptions, 'outside'> & OutsideOptions;
type StartTyped = Omit<UpOptions, 'outside'>;

/** Options for the apps of others. */
const withApps = (command: Command): Command =>
  command
    .option('--app <directory>', 'a CDK project to deploy instead of ours; several may be given', collected, [])
    .option('--template <file>', 'a CloudFormation template, JSON or YAML; several may be given', collected, [])
    .option('--parameter <name=value>', 'a value for a parameter of their templates', assigned, {})
    .option('--ssm <name=value>', 'an SSM parameter that exists before they deploy', assigned, {})
    .option('--image <name=path>', 'an OCI layout, OCI archive or `docker save` file for an image', assigned, {})
    .option(
      '--answer <name=value>',
      'what a custom resource answers, as Logical=id or Logical.Attribute=value, without its function',
      assigned,
      {},
    );

export function addDeployCommands(program: Command): void {
  withApps(
    withOutside(program.command('up'))
      .description('start the local region and deploy everything')
      .option('--port <port>', 'where the load balancer answers on this machine', port, FRONT_PORT)
      .option('--console-port <port>', 'where the console answers on this machine (default: 8081, or a free one)', port)
      .option('--foreground', 'stay, and remove everything at Ctrl-C', false)
      .option('--no-keep', 'remove everything when a deploy fails, as for CI; without it the region stays for a repair')
      .addOption(permissionsOption()),
  ).action(
    async ({
      app,
      template,
      parameter,
      ssm,
      image,
      answer,
      permissions,
      egress,
      ...rest
    }: Typed & Permissions & StartTyped) => {
      // Read by the control plane, below the supervisor that is started with it.
      process.env[PERMISSIONS] = permissions;
      const outside = outsideAfter(NOTHING_OUTSIDE, { egress });
      const [start, apps] = [
        { ...rest, outside },
        { app, template, parameter, ssm, image, answer, outside },
      ];
      if (namesApps(apps)) await (await import('./commands/up-apps.ts')).upApps(start, apps);
      else await (await import('./commands/up.ts')).up(start);
    },
  );
  program
    .command('down')
    .description('stop it and remove everything that runs')
    .option('--all', 'remove images, caches and logs too', false)
    .action(async (options: DownOptions) => (await import('./commands/down.ts')).down(options));
  withApps(
    withOutside(program.command('deploy'))
      .description('deploy projects, all of them by default')
      .argument('[projects...]')
      .addOption(stageOption()),
  ).action(async (projects: string[], { stage, egress, ...given }: { stage?: string } & Typed) => {
    const outside = outsideAfter(readOutside(), { egress });
    const apps = { ...given, outside };
    if (!namesApps(apps))
      await (
        await import('./commands/deploy.ts')
      ).deploy(projects, { outside, ...(stage === undefined ? {} : { stage }) });
    else if (projects.length > 0 || stage !== undefined)
      throw new Complaint('deploy takes either --app and --template, or projects of this repository and their stage');
    else await (await import('./commands/up-apps.ts')).deployApps(apps);
  });
  program
    .command('publish')
    .description('build and push images, and write their digests')
    .argument('[services...]')
    .addOption(stageOption())
    .action(async (services: string[], options: { stage?: string }) =>
      (await import('./commands/publish.ts')).publish(services, options),
    );
  program
    .command('save-image')
    .description(
      'write an image as an OCI layout, for `up --image`: of a binary of the Rust workspace, or of files of your own',
    )
    .argument(
      '<names...>',
      'a binary of the workspace, unless --binary or --rootfs is given, and the directory to write to',
    )
    .option('--binary <file>', 'a program, which goes to / and is what the image runs')
    .option('--rootfs <directory>', 'a folder whose content the image has at /')
    .option('--user <user>', 'who it runs as, such as 65532:65532 (default: root)')
    .option('--workdir <path>', 'where it runs (default: /)')
    .option('--env <name=value>', 'a variable; several may be given', assigned, {})
    .option('--entrypoint <word>', 'what it runs, in the place of --binary; several are its words', collected)
    .option('--cmd <word>', 'its arguments, unless a container definition has others; several are its words', collected)
    .action(async (names: string[], options: OwnImage) =>
      (await import('./commands/save-image.ts')).saveImage(names, options),
    );
}

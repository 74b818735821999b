/** The `highlands` command. */
import { setMaxListeners } from 'node:events';
import { Command, InvalidArgumentError, Option } from 'commander';
import { namesApps, type AppOptions } from '../apps/app.ts';
import { endWithPipe } from './closed-pipe.ts';
import { isInterrupted } from './interrupt.ts';
import { leaveWhenFailed } from './leave.ts';
import type { DownOptions } from './commands/down.ts';
import type { FaultOptions } from './commands/fault.ts';
import type { LoadCommandOptions } from './commands/load.ts';
import type { NeighboursOptions } from './commands/neighbours.ts';
import type { UpOptions } from './commands/up.ts';
import { LOAD_LIMITS } from '../console/protocol/limits.ts';
import { FRONT_PORT, LOGS } from '../region/paths.ts';
import type { RedeployOptions } from './commands/redeploy.ts';
import { Complaint } from '../region/complaint.ts';
import { Shown } from '../terminal/rendering.ts';
import { numberOption, PORTS } from '../terminal/whole-number.ts';

// p-wait-for adds a listener to its own signal at each look, and takes all of them away at the end.
setMaxListeners(0);

const port = (text: string): number => numberOption(text, ...PORTS);
const count = (text: string): number => numberOption(text, 0, 100);
const percent = (text: string): number => numberOption(text, 1, 100);
/** Three are a habit; more is a benchmark. */
const rounds = (text: string): number => numberOption(text, 1, 20);
const rate = (text: string): number => numberOption(text, 1, LOAD_LIMITS.ratePerSecond);
const connections = (text: string): number => numberOption(text, 1, LOAD_LIMITS.connections);
const status = (text: string): number => numberOption(text, 200, 599);

/** A day: more than anybody waits, less than what timers take. */
const LONGEST_MS = 86_400_000;

/** `12s`, `250ms` or `2m` in milliseconds. */
function duration(text: string): number {
  const [, value, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const milliseconds = Math.round(Number(value) * (unit === 'ms' ? 1 : unit === 's' ? 1000 : 60_000));
  if (!(milliseconds >= 1 && milliseconds <= LONGEST_MS))
    throw new InvalidArgumentError(`"${text}" is not a time such as 250ms, 12s or 2m.`);
  return milliseconds;
}
const stageOption = (): Option => new Option('--stage <stage>', 'in this stage instead of the default one');
const collected = (text: string, before: string[]): string[] => [...before, text];

/** `NAME=VALUE`; the name ends at the first `=`. */
function assigned(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError(`"${text}" is not NAME=VALUE.`);
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** Options for the apps of others. */
const withApps = (command: Command): Command =>
  command
    .option('--app <directory>', 'a CDK project to deploy instead of ours; several may be given', collected, [])
    .option('--template <file>', 'a CloudFormation template, JSON or YAML; several may be given', collected, [])
    .option('--parameter <name=value>', 'a value for a parameter of their templates', assigned, {})
    .option('--ssm <name=value>', 'an SSM parameter that exists before they deploy', assigned, {})
    .option('--image <name=path>', 'an OCI layout, OCI archive or `docker save` file for an image', assigned, {});
const lines = (text: string): number => numberOption(text, 0, 1_000_000);

// Each command is loaded when it is asked for: the CDK's engine alone takes a second.
/** The command line itself; what runs it is below, so that others can read its definition. */
export const program = new Command('highlands')
  .description('Amazon ECS Service Connect, whole on one Linux machine')
  .showHelpAfterError()
  .enablePositionalOptions();
withApps(
  program
    .command('up')
    .description('start the local region and deploy everything')
    .option('--port <port>', 'where the load balancer answers on this machine', port, FRONT_PORT)
    .option('--console-port <port>', 'where the console answers on this machine (default: 8081, or a free one)', port)
    .option('--foreground', 'stay, and remove everything at Ctrl-C', false)
    .option('--no-keep', 'remove everything when a deploy fails, as for CI; without it the region stays for a repair'),
).action(async ({ app, template, parameter, ssm, image, ...start }: UpOptions & AppOptions) => {
  const apps = { app, template, parameter, ssm, image };
  if (namesApps(apps)) await (await import('./commands/up-apps.ts')).upApps(start, apps);
  else await (await import('./commands/up.ts')).up(start);
});
program
  .command('down')
  .description('stop it and remove everything that runs')
  .option('--all', 'remove images, caches and logs too', false)
  .action(async (options: DownOptions) => (await import('./commands/down.ts')).down(options));
withApps(
  program
    .command('deploy')
    .description('deploy projects, all of them by default')
    .argument('[projects...]')
    .addOption(stageOption()),
).action(async (projects: string[], { stage, ...apps }: { stage?: string } & AppOptions) => {
  if (!namesApps(apps))
    await (await import('./commands/deploy.ts')).deploy(projects, stage === undefined ? {} : { stage });
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
  .description('write a binary of the Rust workspace as an OCI layout, for `up --image`')
  .argument('<binary>')
  .argument('<directory>')
  .action(async (binary: string, directory: string) =>
    (await import('./commands/save-image.ts')).saveImage(binary, directory),
  );
program
  .command('status')
  .description('services, tasks and targets')
  .action(async () => (await import('./commands/status.ts')).status());
program
  .command('logs')
  .description('logs of containers and proxies')
  .argument('<service>')
  .option('-f, --follow', 'go on as lines come', false)
  .option('--envoy', 'the proxies only', false)
  .option('--container <name>', 'one container only')
  .option('--tail <lines>', 'how many lines', lines, 100)
  .action(async (service: string, options: { follow: boolean; envoy: boolean; container?: string; tail: number }) =>
    (await import('./commands/logs.ts')).logs(service, options),
  );
program
  .command('exec')
  .description("run a command of this machine inside a task's network")
  .argument('<task>', 'a service, the beginning of a task id, `internet`, or `load-balancer-<zone>`')
  .argument('<command...>')
  .passThroughOptions()
  .action(async (task: string, command: string[]) => {
    (await import('./commands/exec.ts')).exec(task, command);
  });
program
  .command('scale')
  .description('set how many tasks a service has')
  .argument('<service>')
  .argument('<count>', 'tasks', count)
  .option('--wait', 'until they run', false)
  .action(async (service: string, wanted: number, options: { wait: boolean }) =>
    (await import('./commands/scale.ts')).scale(service, wanted, options),
  );
program
  .command('redeploy')
  .description('start a new deployment of the same task definition')
  .argument('<service>')
  .option('--wait', 'until its tasks have taken over', false)
  .action(async (service: string, options: RedeployOptions) =>
    (await import('./commands/redeploy.ts')).redeploy(service, options),
  );
program
  .command('stop-task')
  .description('ask a task to end; its service starts another')
  .argument('<task>', 'the beginning of its id')
  .action(async (task: string) => (await import('./commands/stop-task.ts')).stopTask(task));
program
  .command('load')
  .description('send requests at a steady rate, and say what came back')
  .argument('<url>')
  .option('--rate <requests>', 'each second', rate, 20)
  .option('--time <time>', 'how long, such as 10s', duration, 10_000)
  .option('--connections <connections>', 'kept open', connections, 4)
  .option('--from <service>', 'from the network of one of its tasks; without it from this machine')
  .action(async (url: string, options: LoadCommandOptions) => (await import('./commands/load.ts')).load(url, options));
program
  .command('top')
  .description('calls and services, once a second')
  .option('--once', 'print them once', false)
  .action(async ({ once }: { once: boolean }) => (await import('./commands/top.ts')).top(once));
program
  .command('console')
  .description("print the address of the console's page")
  .action(async () => {
    (await import('./commands/console.ts')).printConsole();
  });
program
  .command('fault')
  .description('make something go wrong, or --clear it')
  .argument('[service]')
  .option('--abort <status>', 'answer requests with this status', status)
  .option('--delay <time>', 'hold requests back, such as 12s', duration)
  .option('--percent <percent>', 'how many of the requests', percent, 100)
  .option('--kill', 'kill -9 the application of one task', false)
  .option('--az <zone>', 'cut an Availability Zone off')
  .addOption(
    new Option('--clear', 'end the faults of the service, or everything')
      .default(false)
      .conflicts(['abort', 'delay', 'kill', 'az']),
  )
  .action(async (service: string | undefined, options: FaultOptions) =>
    (await import('./commands/fault.ts')).fault(service, options),
  );
program
  .command('minute')
  .description('how long a minute of bake times, metrics and scaling lasts here: 5s watches fifteen of them in 75 s')
  .argument('<time>', 'such as 5s; 60s is real time', duration)
  .action(async (time: number) => {
    await (await import('./commands/minute.ts')).minute(time);
  });
program
  .command('neighbours')
  .description('play the scenarios of the good-neighbour traits, in the running region or in one of their own')
  .option('--only <scenarios...>', 'by a part of the id or the trait, such as `tls`', [])
  .option('--list', 'say which there are', false)
  .option('--port <port>', 'where a region of their own answers', port, FRONT_PORT)
  .option('--rounds <count>', 'play each so often', rounds, 1)
  .option('--json <file>', 'write the results to a file too')
  .action(async (options: NeighboursOptions) => (await import('./commands/neighbours.ts')).neighbours(options));
program
  .command('env')
  .description('print variables for the shell: eval "$(npm run -s highlands -- env)"')
  .action(async () => {
    (await import('./commands/env.ts')).env();
  });

async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    // What is being taken away fails, and that is no news.
    if (isInterrupted()) return;
    if (error instanceof Complaint) console.error(error.message);
    else if (!(error instanceof Shown))
      console.error(
        `${error instanceof Error ? error.message : String(error)}\n(this should not happen; logs are in ${LOGS})`,
      );
    process.exitCode = error instanceof Complaint ? error.exitCode : 1;
  }
}

if (import.meta.filename === process.argv[1]) {
  endWithPipe();
  void leaveWhenFailed(main);
}

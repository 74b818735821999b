/** The commands that put what runs to the test: load, faults, faster clocks and scenarios. */
import { Option, type Command } from 'commander';
import { LOAD_LIMITS } from '../console/protocol/limits.ts';
import { FRONT_PORT } from '../region/paths.ts';
import { numberOption } from '../terminal/whole-number.ts';
import type { FaultOptions } from './commands/fault.ts';
import type { LoadCommandOptions } from './commands/load.ts';
import type { NeighboursOptions } from './commands/neighbours.ts';
import { duration, port } from './option-values.ts';

const percent = (text: string): number => numberOption(text, 1, 100);
/** Three are a habit; more is a benchmark. */
const rounds = (text: string): number => numberOption(text, 1, 20);
const rate = (text: string): number => numberOption(text, 1, LOAD_LIMITS.ratePerSecond);
const connections = (text: string): number => numberOption(text, 1, LOAD_LIMITS.connections);
const status = (text: string): number => numberOption(text, 200, 599);

export function addTrialCommands(program: Command): void {
  program
    .command('load')
    .description('send requests at a steady rate, and say what came back')
    .argument('<url>')
    .option('--rate <requests>', 'each second', rate, 20)
    .option('--time <time>', 'how long, such as 10s', duration, 10_000)
    .option('--connections <connections>', 'kept open', connections, 4)
    .option('--from <service>', 'from the network of one of its tasks; without it from this machine')
    .action(async (url: string, options: LoadCommandOptions) =>
      (await import('./commands/load.ts')).load(url, options),
    );
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
}

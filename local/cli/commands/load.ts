/** `highlands load`: a bounded load from this machine or from the network of a task. */
import { join } from 'node:path';
import { execa } from 'execa';
import { LOAD_LIMITS } from '../../console/protocol/limits.ts';
import { LoadResult } from '../../scenarios/load-result.ts';
import { enterNamespace } from '../../region/enter-agent.ts';
import { ROOT } from '../../region/paths.ts';
import { Complaint } from '../../region/complaint.ts';
import { requireRegion } from '../../region/region-file.ts';
import { table } from '../../terminal/tables.ts';
import { namespacePid } from '../../region/namespace-pid.ts';

export interface LoadCommandOptions {
  readonly rate: number;
  /** Milliseconds. */
  readonly time: number;
  readonly connections: number;
  readonly from?: string;
}

export async function load(url: string, { rate, time, connections, from }: LoadCommandOptions): Promise<void> {
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw new Complaint(`"${url}" is no address such as http://service:8080/`);
  const seconds = Math.ceil(time / 1000);
  if (seconds > LOAD_LIMITS.seconds)
    throw new Complaint(
      `a load lasts ${String(LOAD_LIMITS.seconds)} s at most: give --time ${String(LOAD_LIMITS.seconds)}s`,
    );
  const settings = JSON.stringify({ url, connections, duration: seconds, overallRate: rate });
  const command = [process.execPath, join(ROOT, 'local/scenarios/load.mjs'), settings];
  const [program = '', ...args] =
    from === undefined ? command : enterNamespace(requireRegion(), namespacePid(from), command);
  const { stdout, stderr, exitCode } = await execa(program, args, { reject: false });
  if (exitCode !== 0) throw new Complaint(`the load did not run: ${stderr.trim()}`);
  const { answered, statuses, failed, milliseconds } = LoadResult.parse(JSON.parse(stdout));
  if (answered === 0) throw new Complaint(`${url} answered none of ${String(failed)} attempts`);
  const rows = Object.entries(statuses).map(([status, count]) => [status, String(count)]);
  console.log(table(['status', 'answers'], [...rows, ['none', String(failed)]]));
  console.log(
    `p50 ${String(milliseconds.p50)} ms, p99 ${String(milliseconds.p99)} ms, most ${String(milliseconds.max)} ms`,
  );
}

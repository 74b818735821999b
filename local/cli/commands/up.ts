/** `highlands up`: from nothing to the answer of a real curl. */
import { execa } from 'execa';
import pWaitFor from 'p-wait-for';
import { SERVICE_NAMES } from '@highlands/connected-service/names';
import { publishService } from '../../images/publish.ts';
import { cargoBuild } from '../../deploy/cargo-build.ts';
import { DEPLOY_ORDER, PROJECTS } from '../../deploy/projects.ts';
import { curlArguments, frontDoors, mainDoor } from '../../region/doors.ts';
import { whenInterrupted } from '../interrupt.ts';
import { REGION, ROOT } from '../../region/paths.ts';
import type { Outside } from '../../region/outside.ts';
import { Complaint } from '../../region/complaint.ts';
import { consoleUrlOf, readRegion, runningRegion, type Region } from '../../region/region-file.ts';
import { regionSteps } from '../../deploy/region-steps.ts';
import { OURS_AGAIN, repairText } from '../repair.ts';
import { makeRoom, removeRegion, startRegion } from '../../supervisor/start-region.ts';
import { runSteps, Shown } from '../../terminal/rendering.ts';
import { loggedTasks, runningTasks } from '../../region/tasks.ts';
import { problemsOf } from '../../deploy/waiting/problems.ts';
import { MomentReader } from '../../deploy/waiting/read-moment.ts';
import { deploySteps, synthAll } from '../../deploy/deploy-steps.ts';

const NEXT = `
  npm run status                                   what runs
  npm run logs -- service-b                        container and Envoy logs
  npm run highlands -- scale service-b 3           three tasks
  npm run highlands -- publish service-b && npm run highlands -- deploy service-b
                                                   roll a change out
  eval "$(npm run -s highlands -- env)"            plain cdk and aws in this shell
  npm stop                                         remove everything
`;

export interface UpOptions {
  /** What the region opens beyond itself. */
  readonly outside: Outside;
  readonly port: number;
  readonly consolePort?: number;
  readonly foreground: boolean;
  /** Whether a region whose deploy failed stays, to be looked at and repaired. */
  readonly keep: boolean;
}

export async function up(options: UpOptions): Promise<void> {
  await inARegion(options, OURS_AGAIN, async () => {
    const region = await startAndDeploy(options);
    await showAnswer();
    console.log(`console: ${consoleUrlOf(region) ?? ''}\n`);
  });
}

/**
 * Makes room for a region, and lets it be filled. Half a region is no region, and is removed; one that runs stays when a
 * deploy in it failed, unless nobody is to repair it.
 * @param again the commands that deploy the same into the region that runs
 */
export async function inARegion(
  { port, foreground, keep }: UpOptions,
  again: readonly string[],
  fill: () => Promise<void>,
): Promise<void> {
  const notice = await makeRoom(port, again);
  if (notice !== undefined) console.log(notice);
  whenInterrupted(removeRegion);
  let failed: Error | undefined;
  try {
    await fill();
  } catch (error) {
    const region = keep ? runningRegion() : undefined;
    // The agent is there, so something can be looked at; the logs stay in any case.
    if (region?.agentPid === undefined) {
      await removeRegion();
      throw error;
    }
    if (error instanceof Complaint) console.error(error.message);
    console.error(repairText(again, await troubledServices(region), foreground));
    failed = error instanceof Error && !(error instanceof Complaint) ? error : new Shown('the deploy failed');
  }
  if (!foreground) {
    if (failed !== undefined) throw failed;
    return;
  }
  console.log('running in the foreground: Ctrl-C removes everything');
  await pWaitFor(() => readRegion()?.ended !== undefined, { interval: 500 });
  throw new Complaint(readRegion()?.ended ?? 'the region ended');
}

/** The services that something is wrong with, as `logs` takes their names. */
async function troubledServices(region: Region): Promise<string[]> {
  const running = new Set(runningTasks().map(({ serviceName }) => serviceName));
  // A service that was rolled back is gone; what its tasks said is not.
  const gone = loggedTasks().flatMap(({ serviceName }) => (running.has(serviceName) ? [] : serviceName));
  try {
    const moment = await new MomentReader(region).read();
    return [...problemsOf(moment).flatMap(({ resource }) => moment.names.get(resource) ?? []), ...gone];
  } catch {
    return gone; // the control plane does not answer, and the other commands will say so
  }
}

type StartOptions = Pick<UpOptions, 'consolePort' | 'port'> & Partial<Pick<UpOptions, 'outside'>>;

export async function startAndDeploy({ port, consolePort, outside }: StartOptions): Promise<Region> {
  // Synth needs no region, and the build none either: both begin at once.
  const build = cargoBuild(`${ROOT}/services-rust`);
  build.begin().catch(() => undefined);
  const started = startRegion(port, consolePort, outside);
  started.catch(() => undefined);
  const { steps, cdk, region } = regionSteps(() => started);
  const [baseInfra, ...services] = deploySteps(cdk, synthAll(PROJECTS), DEPLOY_ORDER);
  await runSteps([
    ...steps,
    ...(baseInfra === undefined ? [] : [baseInfra]),
    build.step,
    {
      title: 'publish images',
      task: async () => {
        await Promise.all(
          SERVICE_NAMES.map((service) =>
            publishService({ service, repositoryRoot: ROOT, region: REGION, endpoint: region().endpoint }),
          ),
        );
      },
    },
    ...services,
  ]);
  return region();
}

/** Asks with curl, as a person would. */
async function showAnswer(): Promise<void> {
  let asked: string[] = [];
  let answer = '';
  // The last step was a deploy that waited for healthy targets; this only covers the load balancer's own view of them.
  await pWaitFor(
    async () => {
      const door = mainDoor(frontDoors());
      if (door === undefined) return false;
      asked = curlArguments(door, '?name=Hello');
      const { stdout, exitCode } = await execa('curl', ['-sf', '-m', '10', ...asked], { reject: false });
      answer = stdout;
      return exitCode === 0;
    },
    {
      interval: 100,
      timeout: {
        milliseconds: 15_000,
        message: new Complaint('the load balancer does not answer: look at `npm run status`'),
      },
    },
  );
  const words = asked.map((word) => (word.includes('?') ? `'${word}'` : word)).join(' ');
  console.log(`\n$ curl ${words}\n${answer}\n${NEXT}`);
}

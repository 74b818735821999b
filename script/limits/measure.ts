/** Gives a real Envoy the configuration of a mesh of some size, and looks at what that costs. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pWaitFor from 'p-wait-for';
import { z } from 'zod';
import { sidecarBootstrap, sidecarResources } from '../../local/agent/core/envoy/sidecar.ts';
import { Certificates } from '../../local/agent/certificates/certificates.ts';
import { tlsNamesOf } from '../../local/agent/core/topology/service-connect.ts';
import { EdsDirectory } from '../../local/agent/endpoints/eds-directory.ts';
import { DiscoveryFiles } from '../../local/agent/runtime/discovery-files.ts';
import { EnvoyProcess } from '../../local/agent/runtime/envoy-process.ts';
import { envoyPath, REGION } from '../../local/region/paths.ts';
import { edsName, endpointsOf, proxyOf, stateOf, type Size } from './mesh.ts';

const fail = (_: string, message: string): never => {
  throw new Error(message);
};

export interface Measurement {
  readonly size: Size;
  readonly allocatedBytes: number;
  /** Proportional set size of a proxy alone, as in a Fargate task: here nobody shares its program. */
  readonly residentBytes: number;
  /** From the replaced files to Envoy's word that it has the new configuration. */
  readonly updateMs: number;
  /** From the replaced list of endpoints to Envoy's word that it has it. */
  readonly takenUpMs: number;
  /** Processor time of one such change in the proxy, over all its threads. */
  readonly cpuMsPerChange: number;
}

/** Enough changes that the pauses between the kernel's looks at the clock don't matter. */
const CHANGES = 60;
/** Several times what Envoy takes for the longest list. */
const PAUSE_MS = 50;

/** https://docs.kernel.org/scheduler/sched-stats.html: nanoseconds on a processor come first */
const cpuMs = (pid: number): number =>
  readdirSync(`/proc/${String(pid)}/task`)
    .map((thread) => Number(readFileSync(`/proc/${String(pid)}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6)
    .reduce((sum, value) => sum + value, 0);

const pssBytes = (pid: number): number =>
  Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8'))?.[1]) * 1024;

export async function measure(size: Size): Promise<Measurement> {
  const directory = mkdtempSync(join(tmpdir(), 'limits-'));
  const settings = {
    ...{ region: REGION, runDirectory: directory, logDirectory: directory, socketDirectory: directory },
    ...{ edsDirectory: join(directory, 'eds'), tlsDirectory: directory },
  };
  const state = stateOf(size, 10);
  const proxy = proxyOf(state, settings);
  const eds = new EdsDirectory(settings.edsDirectory, REGION);
  const discovery = new DiscoveryFiles(proxy.configDirectory);
  await mkdir(proxy.configDirectory, { recursive: true });
  const lists = Array.from(
    { length: size.services },
    (_, index) => [edsName(index), endpointsOf(index, size.tasks, proxy)] as const,
  );
  await eds.write(new Map(lists), fail);
  // Every proxy can call with TLS, so it has the authority of each name.
  await new Certificates(directory, join(directory, 'kept.json'), () => undefined).keep(tlsNamesOf(state), 0);
  await discovery.write(sidecarResources(proxy));
  const files = {
    ...{ binary: envoyPath(), configFile: join(directory, 'envoy.json'), logFile: join(directory, 'envoy.log') },
    adminSocket: proxy.adminSocketPath,
  };
  // In the namespaces of this command, which has a network of its own: see package.json.
  const envoy = await EnvoyProcess.start(undefined, files, sidecarBootstrap(proxy));
  try {
    await envoy.ready();
    const { pid } = envoy.process;
    const memory = z.object({ allocated: z.coerce.number() }).parse(JSON.parse(await envoy.admin('GET', '/memory')));
    const residentBytes = pssBytes(pid);

    const updateMs = await untilCounted(envoy, 'listener_manager.lds.update_success', () =>
      discovery.write(sidecarResources(proxyOf(stateOf(size, 11), settings))),
    );
    const replaceOne = (generation: number): Promise<unknown> =>
      eds.write(new Map([[edsName(0), endpointsOf(0, size.tasks, proxy, generation)]]), fail);
    const taken = 'cluster.service-0.update_success';
    const takenUpMs = await untilCounted(envoy, taken, () => replaceOne(1));
    const [before, cpuBefore] = [await count(envoy, taken), cpuMs(pid)];
    for (let change = 0; change < CHANGES; change++) {
      await replaceOne(2 + change);
      await setTimeout(PAUSE_MS);
    }
    // Nobody asks Envoy meanwhile: its answer costs more than a change.
    const cpu = cpuMs(pid) - cpuBefore;
    const changes = (await count(envoy, taken)) - before;
    if (changes < CHANGES) throw new Error(`Envoy took up ${String(changes)} of ${String(CHANGES)} changes`);
    return {
      ...{ size, allocatedBytes: memory.allocated, residentBytes, updateMs, takenUpMs },
      cpuMsPerChange: cpu / changes,
    };
  } finally {
    await envoy.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

const count = (envoy: EnvoyProcess, name: string): Promise<number> => envoy.gauge(`^${name.replaceAll('.', '\\.')}$`);

/** Milliseconds until a counter of Envoy's has grown after a change. */
async function untilCounted(envoy: EnvoyProcess, name: string, change: () => Promise<unknown>): Promise<number> {
  const before = await count(envoy, name);
  const began = performance.now();
  await change();
  await pWaitFor(async () => (await count(envoy, name)) > before, { interval: 1, timeout: 30_000 });
  return performance.now() - began;
}

/** Runs in a task instead of a collector whose image can't be had here. */
import { appendFile } from 'node:fs/promises';
import { collectorConfig, type CollectorStandIn } from '../core/envoy/collector.ts';
import type { ProcessIdentity } from '../../region/process-identity.ts';
import type { ContainerDefinition } from '../core/task-definition.ts';
import type { ContainerBody } from './container-process.ts';
import { EnvoyProcess, type EnvoyFiles } from './envoy-process.ts';
import type { NamespaceHolder } from './namespace-holder.ts';

export interface CollectorFiles {
  readonly envoyPath: string;
  readonly configFile: string;
  readonly logFile: string;
}

export async function startCollector(
  definition: ContainerDefinition,
  standIn: CollectorStandIn,
  holder: NamespaceHolder,
  files: CollectorFiles,
): Promise<ContainerBody> {
  const { http, grpc } = standIn.ports;
  const where = [
    http === undefined ? [] : `HTTP on ${String(http)}`,
    grpc === undefined ? [] : `gRPC on ${String(grpc)}`,
  ];
  const takes =
    where.flat().length === 0 ? 'no OTLP: its receivers are off' : `OTLP over ${where.flat().join(' and ')}`;
  await appendFile(files.logFile, `the local region stands in for ${definition.image}; it takes ${takes}\n`);
  const envoy = await EnvoyProcess.start(holder, filesOf(standIn, files), collectorConfig(standIn));
  await envoy.ready();
  return bodyOf(envoy, files);
}

/** Takes over one that another agent started. */
export const adoptCollector = (
  identity: ProcessIdentity,
  standIn: CollectorStandIn,
  files: CollectorFiles,
): ContainerBody => bodyOf(EnvoyProcess.adopt(filesOf(standIn, files), identity), files);

function filesOf(
  { adminSocketPath }: CollectorStandIn,
  { envoyPath, configFile, logFile }: CollectorFiles,
): EnvoyFiles {
  return { binary: envoyPath, configFile, adminSocket: adminSocketPath, logFile };
}

function bodyOf(envoy: EnvoyProcess, { logFile }: CollectorFiles): ContainerBody {
  return {
    process: envoy.process,
    logFile,
    pid: () => (envoy.process.running ? envoy.process.pid : undefined),
    // The command belongs to an image that is not there: what it asks for is that the collector is up.
    passes: async () => (await envoy.admin('GET', '/ready').catch(() => '')).startsWith('LIVE'),
  };
}

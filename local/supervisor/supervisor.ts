/**
 * The parent of everything that runs: the control plane, the console, the agent, and the first process of the namespaces
 * that the agent runs in. Children are killed by the kernel when this process ends, however it ends, and the namespaces go
 * with the last one. The agent's own end ends nothing else: docs/adr/0010-tasks-outlive-the-agent.md.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { writeConfig } from '../region/agent-config.ts';
import { cgroupName } from '../region/cgroup-name.ts';
import { AGENT_CONFIG, envoyPath, REGION, STATE } from '../region/paths.ts';
import { writeRegion } from '../region/region-file.ts';
import { startAgent } from './agent-child.ts';
import { startConsole } from './console-child.ts';
import { startControlPlane } from './control-plane-child.ts';
import { endOf } from './end.ts';
import { newCredentials } from './new-credentials.ts';

const settings = z
  .object({ id: z.string(), port: z.coerce.number(), endpointPort: z.coerce.number(), consolePort: z.coerce.number() })
  .parse(
    parseArgs({
      options: {
        id: { type: 'string' },
        port: { type: 'string' },
        endpointPort: { type: 'string' },
        consolePort: { type: 'string' },
      },
    }).values,
  );
const end = endOf(settings.id);
const endpoint = `http://127.0.0.1:${String(settings.endpointPort)}`;
/** Kept by this process, the control plane and the region's file. */
const credentials = newCredentials();
const rootless = process.getuid?.() !== 0;

/** The shell that does it outlives this process for a moment, so it must not be ended with it. */
function removeCgroupsAtTheEnd(): void {
  const script = join(import.meta.dirname, 'remove-cgroups.sh');
  spawn('sh', [script, cgroupName(settings.id)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] }).unref();
}

process.on('SIGTERM', () => {
  end('');
});
process.on('SIGINT', () => {
  end('');
});

writeRegion({
  regionId: settings.id,
  supervisorPid: process.pid,
  endpoint,
  credentials,
  port: settings.port,
  startedAt: new Date().toISOString(),
  console: { port: settings.consolePort, token: randomBytes(24).toString('base64url') },
});
writeConfig(AGENT_CONFIG, {
  endpoint,
  region: REGION,
  stateDirectory: STATE,
  envoyPath: envoyPath(),
  frontDoor: { address: '127.0.0.1', port: settings.port },
  rootless,
});
// A user who may make no cgroups leaves none behind.
if (!rootless) removeCgroupsAtTheEnd();
try {
  await startControlPlane(settings.endpointPort, credentials, end);
  await startAgent(rootless, end);
  void startConsole(settings.consolePort).catch(() => undefined);
  console.log('ready');
} catch (error) {
  end(error instanceof Error ? error.message : String(error));
}

/** The agent's settings, as the supervisor writes them. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { moveIntoSync } from './move-into.ts';

const Config = z.object({
  endpoint: z.url(),
  region: z.string().min(1),
  /** Everything the agent writes lies below it. */
  stateDirectory: z.string().startsWith('/'),
  envoyPath: z.string().startsWith('/'),
  /** Where the host reaches the first internet-facing load balancer. */
  frontDoor: z.object({ address: z.string(), port: z.number().int().min(1).max(65535) }),
  rootless: z.boolean(),
});
export type AgentConfig = z.infer<typeof Config>;

export function writeConfig(file: string, config: AgentConfig): void {
  moveIntoSync(file, JSON.stringify(config));
}

/** @throws Error with one line that names the file and the field. */
export function readConfig(file: string): AgentConfig {
  const parsed = Config.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
  return parsed.data;
}

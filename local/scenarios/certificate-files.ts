/** The certificates that the testbed's proxies show, and what its callers make of another one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { moveIntoSync } from '../region/move-into.ts';
import { RUN } from '../region/paths.ts';
import { expect } from './scenario.ts';
import { PROBE, URL } from './services.ts';
import type { Testbed } from './testbed.ts';

/** The name of a service's certificate in the Envoys, which is that of its file too. */
export function secretName(service: string): string {
  const end = `.${service}.certificate.json`;
  const file = readdirSync(join(RUN, 'tls')).find((one) => one.endsWith(end));
  if (file === undefined) throw new Error(`${service} has no certificate`);
  return file.replace('.certificate.json', '');
}
export const certificateFile = (service: string): string => join(RUN, 'tls', `${secretName(service)}.certificate.json`);

/** Calls are refused while the testbed shows another certificate, and pass again with its own. */
export async function refusedWith(testbed: Testbed, secret: string): Promise<void> {
  const file = certificateFile('testbed');
  const genuine = readFileSync(file, 'utf8');
  const put = (text: string): void => {
    moveIntoSync(file, text, { mode: 0o600 });
  };
  const status = async () => (await testbed.curl('probe', `${URL}/echo`)).status;
  expect((await status()) === 200, 'calls do not pass with the genuine certificate');
  try {
    put(secret);
    // Connections that the callers' proxies keep were made with the genuine one: new proxies have none.
    await testbed.forceNewDeployment(PROBE.name);
    await testbed.until('calls are refused', async () => (await status()) === 503, 20);
  } finally {
    put(genuine);
  }
  await testbed.until('calls pass again', async () => (await status()) === 200, 40);
}

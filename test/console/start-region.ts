/** Starts the region that the tests of the console share, and finds the console's address where a person does. */
import { highlands, PORT } from '../e2e/harness.ts';

export default async function start(): Promise<void> {
  if ((await highlands('status')).code === 0)
    throw new Error('a local region is running: stop it with `npm stop`, the test needs the place');
  const { code, output } = await highlands('up', '--port', String(PORT));
  const [address] = /http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+/.exec(output) ?? [];
  if (code !== 0 || address === undefined) throw new Error(`no address of a console in:\n${output}`);
  process.env['HIGHLANDS_CONSOLE'] = address;
  // Deployed beside service-a, it knows the name by chance only.
  const again = await highlands('redeploy', 'service-c', '--wait');
  if (again.code !== 0) throw new Error(again.output);
}

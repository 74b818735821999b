/** Ctrl-C in the middle of `npm start`: whatever it was at, nothing stays behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { highlands, machine, PORT, ROOT } from './harness.ts';

/** Steps as they are announced, from the first to the last: the region, CDK and CloudFormation, images, tasks. */
const STEPS = ['local region: control plane and agent', 'deploy base-infra', 'publish images', 'deploy service-b'];

/** Starts a command as a shell does, in a process group of its own, and presses Ctrl-C when it says something. */
async function interrupted(when: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['script/main.mjs', ...args], { cwd: ROOT, detached: true });
  let output = '';
  let pressed = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (pressed || child.pid === undefined || !output.includes(when)) return;
      pressed = true;
      // A terminal sends it to every process of the group in the foreground.
      process.kill(-child.pid, 'SIGINT');
    });
  }
  await once(child, 'close');
  return { code: child.exitCode, output };
}

afterAll(async () => {
  await highlands('down');
});

test.each(STEPS)('interrupted at "%s", npm start removes everything', async (step) => {
  const before = machine();
  const { code, output } = await interrupted(`❯ ${step}`, ['up', '--port', String(PORT)]);
  expect(output).toContain(step);
  expect({ code, output: code === 130 ? '' : output }).toEqual({ code: 130, output: '' });
  expect(machine()).toEqual(before);
  expect((await highlands('status')).code).not.toBe(0);
});

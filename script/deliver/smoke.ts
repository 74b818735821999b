/** The smoke test: curl from outside, through the load balancer and all three services. */
import { execFile } from 'node:child_process';
import pWaitFor from 'p-wait-for';
import { Complaint } from '../../local/region/complaint.ts';
import { faultOf } from './answer.ts';

/** In a row: with two tasks of a service, one of which is wrong, a million deliveries pass once. */
const ANSWERS = 20;

function ask(question: readonly string[]): Promise<string | undefined> {
  // Longer than service-b's own deadline, so that its word on who is slow arrives.
  const options = ['-sS', '-m', '12', '-w', '\n%{http_code}', ...question];
  return new Promise((resolve) => {
    execFile('curl', options, (error, stdout, stderr) => {
      const at = stdout.lastIndexOf('\n');
      resolve(error === null ? faultOf(stdout.slice(at + 1), stdout.slice(0, at)) : stderr.trim());
    });
  });
}

/**
 * @param question arguments of curl, the URL last
 * @param patience for the first right answer, in milliseconds: the deploy has waited for healthy targets, so this is for
 *   the name of a new load balancer to spread
 * @throws Complaint with the wrong answer
 */
export async function smoke(question: readonly string[], patience: number): Promise<void> {
  let fault: string | undefined;
  const answers = async (): Promise<boolean> => (fault = await ask(question)) === undefined;
  const complaint = (): Complaint =>
    new Complaint(`${question.at(-1) ?? ''} answers wrongly: ${fault ?? 'not at all'}`);
  await pWaitFor(answers, { interval: 500, timeout: patience }).catch(() => {
    throw complaint();
  });
  for (let answer = 1; answer < ANSWERS; answer++) if (!(await answers())) throw complaint();
}

import { highlands } from '../e2e/harness.ts';

export default async function stop(): Promise<void> {
  await highlands('down');
}

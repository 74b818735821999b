/** What Fargate gives a task of so many CPU units: memory in MiB from, to, and in which steps. */
interface MemoryRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/**
 * Sizes that Fargate has, without the smallest: 256 CPU units are what AWS asks for the proxy alone.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
 */
const MEMORY: ReadonlyMap<number, MemoryRange> = new Map([
  [512, { from: 1024, to: 4096, step: 1024 }],
  [1024, { from: 2048, to: 8192, step: 1024 }],
  [2048, { from: 4096, to: 16_384, step: 1024 }],
  [4096, { from: 8192, to: 30_720, step: 1024 }],
  [8192, { from: 16_384, to: 61_440, step: 4096 }],
  [16_384, { from: 32_768, to: 122_880, step: 8192 }],
]);

/** CloudFormation takes any number, and ECS refuses the task definition in the middle of a deploy. */
export function requireTaskSize(cpu: number, memory: number): void {
  const range = MEMORY.get(cpu);
  if (range === undefined) throw new Error(`cpu is ${cpu}: give one of ${[...MEMORY.keys()].join(', ')}`);
  const { from, to, step } = range;
  if (memory >= from && memory <= to && (memory - from) % step === 0) return;
  throw new Error(`memory is ${memory}: with cpu ${cpu} give ${from} to ${to} in steps of ${step}`);
}

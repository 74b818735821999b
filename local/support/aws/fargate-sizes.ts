/** Sizes of tasks: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html */

const GB = 1024;
const steps = (from: number, to: number, by: number): number[] =>
  Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => (from + index * by) * GB);

/** MiB that go with so many CPU units. */
const MEMORY: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: steps(1, 4, 1),
  1024: steps(2, 8, 1),
  2048: steps(4, 16, 1),
  4096: steps(8, 30, 1),
  8192: steps(16, 60, 4),
  16384: steps(32, 120, 8),
  32768: [60 * GB, 120 * GB, 244 * GB],
};

/** `256` or `.25 vCPU`, `512` or `0.5 GB`. @returns undefined for what is no size */
export function sizeIn(text: string, unit: 'vCPU' | 'GB'): number | undefined {
  const [, number = '', named] = new RegExp(`^(\\d*\\.?\\d+)\\s*(${unit})?$`, 'i').exec(text.trim()) ?? [];
  if (number === '') return undefined;
  return named === undefined ? Number(number) : Number(number) * GB;
}

export const fits = (cpu: number, memory: number): boolean => MEMORY[cpu]?.includes(memory) === true;

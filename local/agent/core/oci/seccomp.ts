/** Which system calls a container may make: Docker's default profile, resolved for this machine. */
import { z } from 'zod';
// Unchanged from https://pkg.go.dev/github.com/moby/profiles/seccomp@v0.3.0, Apache License 2.0 beside it.
import profile from './seccomp-default.json' with { type: 'json' };
import type { OciSeccomp } from './config.ts';

/** What has to be true of the machine and the container: the last two are of Docker, https://pkg.go.dev/github.com/moby/profiles/seccomp#Filter */
const Filter = z
  .object({
    caps: z.array(z.string()).default([]),
    arches: z.array(z.string()).default([]),
    minKernel: z.string().optional(),
  })
  .default({ caps: [], arches: [] });

const Profile = z.object({
  defaultAction: z.string(),
  defaultErrnoRet: z.number(),
  syscalls: z.array(
    z.object({
      names: z.array(z.string()),
      action: z.string(),
      errnoRet: z.number().optional(),
      args: z
        .array(z.object({ index: z.number(), value: z.number(), valueTwo: z.number().optional(), op: z.string() }))
        .optional(),
      includes: Filter,
      excludes: Filter,
    }),
  ),
});

const ARCHITECTURES = { amd64: 'SCMP_ARCH_X86_64', arm64: 'SCMP_ARCH_AARCH64' } as const;

export interface SeccompFor {
  readonly architecture: keyof typeof ARCHITECTURES;
  /** As `uname -r` has it: 6.1.0-18-amd64. */
  readonly kernel: string;
  readonly capabilities: readonly string[];
}

/** Runtimes know no conditions: what applies is decided here, as Docker decides it. */
export function seccompFor(target: SeccompFor): OciSeccomp {
  const { defaultAction, defaultErrnoRet, syscalls } = Profile.parse(profile);
  return {
    defaultAction,
    defaultErrnoRet,
    // Without its 32-bit relatives: to compile the filter for them takes twice as long as all else that starts a container.
    architectures: [ARCHITECTURES[target.architecture]],
    syscalls: syscalls
      .filter(({ includes, excludes }) => included(includes, target) && !excluded(excludes, target))
      .map(({ names, action, errnoRet, args }) => ({
        names,
        action,
        ...(errnoRet === undefined ? {} : { errnoRet }),
        ...(args === undefined ? {} : { args: args.map(definedOnly) }),
      })),
  };
}

function definedOnly({
  valueTwo,
  ...rest
}: {
  index: number;
  value: number;
  valueTwo?: number | undefined;
  op: string;
}) {
  return valueTwo === undefined ? rest : { ...rest, valueTwo };
}

type Filter = z.infer<typeof Filter>;

/** Every condition that is there has to hold. */
function included({ caps, arches, minKernel }: Filter, { architecture, kernel, capabilities }: SeccompFor): boolean {
  return (
    (arches.length === 0 || arches.includes(architecture)) &&
    caps.every((one) => capabilities.includes(one)) &&
    (minKernel === undefined || atLeast(kernel, minKernel))
  );
}

/** One of them is enough. */
function excluded({ caps, arches, minKernel }: Filter, { architecture, kernel, capabilities }: SeccompFor): boolean {
  return (
    arches.includes(architecture) ||
    caps.some((one) => capabilities.includes(one)) ||
    (minKernel !== undefined && atLeast(kernel, minKernel))
  );
}

function atLeast(kernel: string, wanted: string): boolean {
  const [major = 0, minor = 0] = kernel.split(/[.-]/).map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

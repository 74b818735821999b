/** Whether an image has what its task definition asks for. */
import { z } from 'zod';
import type { Architecture } from '../../local/images/oci.ts';

/** ECS's words for processors: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html */
const WORDS = { ARM64: 'arm64', X86_64: 'amd64' } as const;

const Template = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Properties: z
        .object({ RuntimePlatform: z.object({ CpuArchitecture: z.enum(['ARM64', 'X86_64']).optional() }).optional() })
        .optional(),
    }),
  ),
});

/** A line for each service that would not start: its tasks run on a processor that the image is not for. */
export function missingArchitectures(
  built: readonly Architecture[],
  templates: ReadonlyMap<string, readonly unknown[]>,
): string[] {
  return [...templates].flatMap(([service, ofService]) => {
    const wanted = ofService
      .flatMap((template) => Object.values(Template.parse(template).Resources))
      .flatMap(({ Properties }) => Properties?.RuntimePlatform?.CpuArchitecture ?? []);
    return wanted
      .map((word) => WORDS[word])
      .filter((architecture) => !built.includes(architecture))
      .map(
        (architecture) =>
          `${service} runs on ${architecture}, and the image would be for ${built.join(' and ')}: build it on an ${architecture} machine too, and name both with --architectures`,
      );
  });
}

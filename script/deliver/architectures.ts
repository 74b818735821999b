/** Whether an image has what its task definition asks for. */
import { SERVICE_NAMES } from '@highlands/connected-service/names';
import { z } from 'zod';
import { committedTemplate } from '../../local/front/projects.ts';
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
  templateOf: (service: (typeof SERVICE_NAMES)[number]) => unknown = committedTemplate,
): string[] {
  return SERVICE_NAMES.flatMap((service) => {
    const wanted = Object.values(Template.parse(templateOf(service)).Resources).flatMap(
      ({ Properties }) => Properties?.RuntimePlatform?.CpuArchitecture ?? [],
    );
    return wanted
      .map((word) => WORDS[word])
      .filter((architecture) => !built.includes(architecture))
      .map(
        (architecture) =>
          `${service} runs on ${architecture}, and the image would be for ${built.join(' and ')}: build it on an ${architecture} machine too, and name both with --architectures`,
      );
  });
}

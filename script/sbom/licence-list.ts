/** The licences of a bill of materials, for people. */
import { z } from 'zod';

/** https://cyclonedx.org/docs/1.5/json/ */
const Bom = z.object({
  bomFormat: z.literal('CycloneDX'),
  components: z
    .array(
      z.object({
        name: z.string(),
        version: z.string(),
        licenses: z
          .array(
            z.union([
              z.object({ expression: z.string() }),
              z.object({ license: z.union([z.object({ id: z.string() }), z.object({ name: z.string() })]) }),
            ]),
          )
          .optional(),
      }),
    )
    .min(1),
});

type License = NonNullable<z.infer<typeof Bom>['components'][number]['licenses']>[number];

function nameOf(license: License): string {
  if ('expression' in license) return license.expression;
  return 'id' in license.license ? license.license.id : license.license.name;
}

/** A table of what is in an image. @throws Error when the bill is none, or a crate has no licence */
export function licenceList(service: string, bom: unknown): string {
  const rows = Bom.parse(bom)
    .components.map(({ name, version, licenses = [] }) => {
      if (licenses.length === 0)
        throw new Error(`${name} ${version} in ${service} has no licence: look at its repository`);
      return `| ${name} | ${version} | ${licenses.map(nameOf).join(', ')} |`;
    })
    .sort();
  return [
    `# Licences of what is in the image of ${service}`,
    '',
    '| crate | version | licence |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

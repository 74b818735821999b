/** `highlands publish`. */
import { SERVICE_NAMES, type ServiceName } from '@highlands/connected-service/names';
import { publishService } from '../../images/publish.ts';
import { cargoBuild } from '../../deploy/cargo-build.ts';
import { REGION, ROOT } from '../../region/paths.ts';
import { Complaint } from '../../region/complaint.ts';
import { requireRegion } from '../../region/region-file.ts';
import { runSteps } from '../../terminal/rendering.ts';

export function serviceNames(given: readonly string[]): ServiceName[] {
  const unknown = given.filter((name) => !SERVICE_NAMES.some((known) => known === name));
  if (unknown.length > 0)
    throw new Complaint(`no service ${unknown.join(', ')}: choose from ${SERVICE_NAMES.join(', ')}`);
  return given.length === 0 ? [...SERVICE_NAMES] : SERVICE_NAMES.filter((name) => given.includes(name));
}

export async function publish(given: readonly string[], { stage }: { stage?: string }): Promise<void> {
  const { endpoint } = requireRegion();
  const services = serviceNames(given);
  await runSteps([
    // All of them, whichever is published: cargo gives one built alone other features of shared crates, and so another digest.
    cargoBuild(`${ROOT}/services-rust`).step,
    ...services.map((service) => ({
      title: service,
      task: async (_: unknown, task: { title: string }) => {
        task.title = await publishService({
          ...{ service, repositoryRoot: ROOT, region: REGION, endpoint },
          ...(stage !== undefined && { stage }),
        });
      },
    })),
  ]);
  const where = stage === undefined ? '' : ` --stage ${stage}`;
  console.log(`roll out with \`npm run highlands -- deploy ${services.join(' ')}${where}\``);
}

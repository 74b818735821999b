/** `highlands deploy`. */
import { Cdk } from '../../deploy/cdk.ts';
import { deploySteps, noteCdk, synthAll } from '../../deploy/deploy-steps.ts';
import { DEPLOY_ORDER, PROJECTS, type Project } from '../../deploy/projects.ts';
import { Complaint } from '../../region/complaint.ts';
import { useRegion } from '../../region/environment.ts';
import { writeOutside, type Outside } from '../../region/outside.ts';
import { requireRegion } from '../../region/region-file.ts';
import { runSteps } from '../../terminal/rendering.ts';

export function projectNames(given: readonly string[]): Project[] {
  const unknown = given.filter((name) => !PROJECTS.some((known) => known === name));
  if (unknown.length > 0) throw new Complaint(`no project ${unknown.join(', ')}: choose from ${PROJECTS.join(', ')}`);
  return PROJECTS.filter((name) => given.length === 0 || given.includes(name));
}

export async function deploy(
  given: readonly string[],
  { stage, outside }: { stage?: string; outside: Outside },
): Promise<void> {
  useRegion(requireRegion());
  const projects = projectNames(given);
  await writeOutside(outside);
  const cdk = new Cdk(noteCdk);
  await runSteps(deploySteps(() => cdk, synthAll(projects), DEPLOY_ORDER, stage));
}

/** Which service a name on the command line means. */
import { serviceIds, type NamedService } from './service-ids.ts';
import { Complaint } from './complaint.ts';

/** What a service is called in tables and in complaints, as on the console's map. */
export function shownNames(services: readonly NamedService[]): string[] {
  return [...serviceIds(services).values()].sort();
}

/**
 * By its name, by a Service Connect name of its own, or by the beginning of its name, which CloudFormation ends with
 * characters that nobody types.
 * @throws Complaint that lists what there is, or what the name may mean
 */
export function serviceNamed<T extends NamedService>(name: string, services: readonly T[]): T {
  for (const fits of [
    ({ serviceName }: T) => serviceName === name,
    ({ discoveryNames }: T) => discoveryNames.includes(name),
    ({ serviceName }: T) => serviceName.startsWith(name),
  ]) {
    const found = services.filter(fits);
    const [only] = found;
    if (found.length === 1 && only !== undefined) return only;
    if (found.length > 1)
      throw new Complaint(
        `${name} is each of ${found.map(({ serviceName }) => serviceName).join(', ')}: say which one`,
      );
  }
  const known = shownNames(services).join(', ');
  throw new Complaint(`no service ${name}: ${known === '' ? 'nothing runs' : `there are ${known}`}`);
}

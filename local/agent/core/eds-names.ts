/** The names of endpoint lists: what Envoy asks for, and the file that has them. */
import { createHash } from 'node:crypto';

/** The name that every list of endpoints has in its own directory. */
export const ENDPOINTS_FILE = 'endpoints.json';

/**
 * The file of an EDS name inside the EDS directory. Each list has a directory of its own: Envoy reads again whatever lies in
 * a directory that it saw a move in, so in a common one each change would make each proxy read every list. A namespace may be
 * called `../x`, so the directory has an id of ours; the list says its name itself.
 * https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateHttpNamespace.html
 */
export function edsFileName(edsName: string): string {
  return `${createHash('sha256').update(edsName).digest('hex').slice(0, 32)}/${ENDPOINTS_FILE}`;
}

/** The targets of a group that are in one zone. */
export const zoneEdsName = (edsName: string, zone: string): string => `${edsName}.in.${zone}`;

/** Where requests with the test header of a blue/green deployment go. */
export function testEdsName(edsName: string): string {
  return `${edsName}.test`;
}

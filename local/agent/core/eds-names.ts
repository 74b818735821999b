/** The names of endpoint lists: what Envoy asks for, and the file that has them. */

/**
 * The file of an EDS name inside the EDS directory. Each list has a directory of its own: Envoy reads again whatever lies in
 * a directory that it saw a move in, so in a common one each change would make each proxy read every list.
 */
export function edsFileName(edsName: string): string {
  return `${edsName}/endpoints.json`;
}

/** Where requests with the test header of a blue/green deployment go. */
export function testEdsName(edsName: string): string {
  return `${edsName}.test`;
}

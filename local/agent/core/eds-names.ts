/** The names of endpoint lists: what Envoy asks for, and the file that has them. */

/** The file of an EDS name inside the EDS directory. */
export function edsFileName(edsName: string): string {
  return `${edsName}.json`;
}

/** Where requests with the test header of a blue/green deployment go. */
export function testEdsName(edsName: string): string {
  return `${edsName}.test`;
}

/** `highlands env`: what a shell needs so that plain `cdk` and `aws` talk to the local region. */
import { regionVariables, UNSET } from '../../region/environment.ts';
import { requireRegion } from '../../region/region-file.ts';

export function env(): void {
  for (const [name, value] of Object.entries(regionVariables(requireRegion())))
    console.log(`export ${name}='${value}'`);
  console.log(`unset ${UNSET.join(' ')}`);
}

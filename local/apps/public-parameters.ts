/**
 * Public SSM parameters, which every account has: those that the control plane has stand-ins for.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
 */
import FAMILIES from '../control-plane/public-parameters.json' with { type: 'json' };
import { REGION } from '../region/paths.ts';

const familyOf = (name: string) => FAMILIES.find((family) => new RegExp(family.name).test(name));

/** Whether the control plane answers for it. */
export const isKnownPublic = (name: string): boolean => familyOf(name) !== undefined;

/** The image that a public parameter names; undefined when it names something else. */
export function publicImage(name: string): string | undefined {
  const repository = familyOf(name)?.repository;
  return repository === undefined
    ? undefined
    : `${repository.replace('REGION', REGION)}:${name.slice(name.lastIndexOf('/') + 1)}`;
}

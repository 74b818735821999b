/** What a failed deploy says to a person. */
import { SERVICE_NAMES, serviceParameters } from '@highlands/connected-service/names';

/** The part of a CDK error that says something, on one line, with the remedy where there is an obvious one. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const reason = message
    .replaceAll(/\s+/g, ' ')
    .replace(/^\S* ?\S+ failed: (?:\w+Error: )?(?:Resource updates failed: )?/, '')
    // Advice for an account with CloudTrail.
    .replace(/[^\w.`)\]]*CloudTrail delivery can lag.*$/u, '')
    .trim();
  const unpublished = SERVICE_NAMES.find((service) => reason.includes(serviceParameters(service).image));
  return unpublished === undefined
    ? reason
    : `${reason}: publish the image with \`npm run highlands -- publish ${unpublished}\``;
}

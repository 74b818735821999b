/** What the names in log files stand for. */
import type { LogNames } from '../logs/log-feed.ts';
import { addressOwners, nodeIds } from '../region/compose.ts';
import type { Look } from '../region/region-watch.ts';

export function logNames(look: Look | undefined): LogNames {
  if (look === undefined) return { services: new Map(), owners: new Map() };
  const ids = nodeIds(look.input);
  return {
    services: new Map(look.input.aws.services.map(({ narrow }) => [narrow.name, ids.get(narrow.arn) ?? narrow.name])),
    owners: addressOwners(look.input, ids),
  };
}

/** How clients of AWS reach the local control plane. */
import { Complaint } from './complaint.ts';
import { readRegion, type RegionCredentials } from './region-file.ts';

export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  /** Asked for once, by each client. */
  readonly credentials: () => Promise<RegionCredentials>;
}

/**
 * Those of the region that answers there, from the file that its supervisor wrote; a user's real ones must never get here.
 * @throws Complaint when the region of this folder answers elsewhere
 */
export function localCredentials(endpoint: string): RegionCredentials {
  const region = readRegion();
  if (region?.endpoint !== endpoint)
    throw new Complaint(`no local region answers at ${endpoint}: look at \`npm run highlands -- status\``);
  return region.credentials;
}

export const clientSettings = (endpoint: string, region: string): ClientSettings => ({
  endpoint,
  region,
  credentials: () => Promise.resolve().then(() => localCredentials(endpoint)),
});

/** The Authorization header of what has no signature: the agent's channel and the registry. */
export const basicAuthorization = ({ accessKeyId, secretAccessKey }: RegionCredentials): string =>
  `Basic ${Buffer.from(`${accessKeyId}:${secretAccessKey}`).toString('base64')}`;

export const localAuthorization = (endpoint: string): string => basicAuthorization(localCredentials(endpoint));

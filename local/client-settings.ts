/** How clients of AWS reach the local control plane. */

/** It takes any credentials; a user's real ones must never get here. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: typeof LOCAL_CREDENTIALS;
}

export const clientSettings = (endpoint: string, region: string): ClientSettings => ({
  endpoint,
  region,
  credentials: LOCAL_CREDENTIALS,
});

/** Image references as Docker reads them: https://github.com/distribution/reference/blob/main/reference.go */

export interface Reference {
  readonly host: string;
  readonly repository: string;
  /** A digest, or a tag. */
  readonly version: string;
}

export const DOCKER_HUB = 'docker.io';
/** Its name of before, which Docker still takes. */
const HUB_OF_BEFORE = 'index.docker.io';
const NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const VERSION = /^(?:sha256:[0-9a-f]{64}|\w[\w.-]{0,127})$/;

/** How it is written. */
export const REFERENCE_FORM = '[<registry>/]<repository>[:<tag>|@sha256:<digest>], the repository in small letters';

/** @throws Error that names the value and the form it should have */
export function parseReference(reference: string): Reference {
  const parsed = referenceIn(reference);
  if (parsed === undefined) throw new Error(`image "${reference}" is no reference: give ${REFERENCE_FORM}`);
  return parsed;
}

/** What a text refers to, if it is a reference. */
export function referenceIn(reference: string): Reference | undefined {
  const [first = '', ...rest] = reference.split('/');
  // `library/nginx` is a name, `localhost:5000/nginx` has a host; a name has small letters alone.
  const hasHost = rest.length > 0 && (/[.:A-Z]/.test(first) || first === 'localhost');
  const path = hasHost ? rest.join('/') : reference;
  const [tagged = '', digest] = path.split('@');
  const colon = tagged.lastIndexOf(':');
  const name = colon === -1 ? tagged : tagged.slice(0, colon);
  const version = digest ?? (colon === -1 ? 'latest' : tagged.slice(colon + 1));
  if (!NAME.test(name) || !VERSION.test(version)) return undefined;
  const host = hasHost && first !== HUB_OF_BEFORE ? first : DOCKER_HUB;
  return { host, repository: host === DOCKER_HUB && !name.includes('/') ? `library/${name}` : name, version };
}

/**
 * The second form answers by IPv6 too. https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
 */
const ECR_HOST =
  /^(\d{12})\.(?:dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?|dkr-ecr(?:-fips)?\.[a-z0-9-]+\.on\.aws)$/;

/** The account of a registry of ECR's; nothing for other hosts. */
export const ecrAccount = (host: string): string | undefined => ECR_HOST.exec(host)?.[1];

/**
 * The repository of the local registry that stands for it: ECR's own by name, another registry's below its host, as ECR
 * keeps what it pulls through. https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
export function localRepository({ host, repository }: Reference): string {
  // A repository has small letters, dots and dashes alone.
  const folder = host.toLowerCase().replaceAll(/[[\]]/g, '').replaceAll(':', '-').replace(/^-+/, '');
  return ecrAccount(host) === undefined ? `${folder}/${repository}` : repository;
}

/** What a request at a task's own endpoint is for, by its path. */

export type AskedFor =
  | { readonly kind: 'container' | 'task' | 'stats' | 'taskStats'; readonly containerId: string }
  | { readonly kind: 'credentials'; readonly credentialsId: string };

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html: the paths */
const METADATA = /^\/v[34]\/([^/]+)(\/task|\/taskWithTags|\/stats|\/task\/stats)?\/?$/;
const KINDS = {
  '': 'container',
  '/task': 'task',
  // Tags are nowhere kept, and ECS gives none where it has none.
  '/taskWithTags': 'task',
  '/stats': 'stats',
  '/task/stats': 'taskStats',
} as const;

export function askedFor(url: string): AskedFor | undefined {
  const [path = ''] = url.split('?');
  const [, credentialsId] = /^\/v2\/credentials\/([^/]+)$/.exec(path) ?? [];
  if (credentialsId !== undefined) return { kind: 'credentials', credentialsId };
  const [, containerId, rest = ''] = METADATA.exec(path) ?? [];
  return containerId === undefined ? undefined : { kind: KINDS[rest as keyof typeof KINDS], containerId };
}

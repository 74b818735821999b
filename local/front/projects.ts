/** The CDK projects in the order in which they deploy; projects of one row need nothing of each other. */
export const DEPLOY_ORDER = [['base-infra'], ['service-a', 'service-c'], ['service-b']] as const;
export type Project = (typeof DEPLOY_ORDER)[number][number];
export const PROJECTS: readonly Project[] = DEPLOY_ORDER.flat();

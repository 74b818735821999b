/** The commands of the documents that the session does not type, as reviewed; one that no document has fails the test. */
export interface NotRun {
  /** The whole statement, or what it begins with when `…` ends it. */
  readonly command: string;
  readonly reason: string;
  /** What runs it, or the like of it: a test, or the README of an example, which a test types. It has the command's last word. */
  readonly coveredBy?: string;
}

export const NOT_RUN: readonly NotRun[] = [
  { command: 'npm audit', reason: 'It asks a database that changes by the hour: `npm run audit` is in the workflows' },
  { command: 'npm run highlands -- top', reason: 'It stays, and draws on a terminal' },
  { command: 'npm run highlands -- deploy base-infra --stage dev', reason: 'No project of the tree has a stage dev' },
  { command: 'npm run highlands -- publish --stage dev', reason: 'No project of the tree has a stage dev' },
  { command: 'npm run highlands -- deploy --stage dev', reason: 'No project of the tree has a stage dev' },
  { command: 'npm run logs -- dev-service-b', reason: 'No project of the tree has a stage dev' },
  {
    command: 'npm run deliver -- --stage dev',
    reason: 'No project of the tree has a stage dev',
    coveredBy: 'test/deliver/deliver.region.ts',
  },
  { command: 'npx cdk deploy', reason: 'It is said of all projects', coveredBy: 'test/e2e/region.e2e.ts' },
  { command: 'npm run audit', reason: 'It asks databases that change by the hour, so it is in the workflows' },
  { command: 'npm run sbom', reason: 'It builds its tool for minutes, so it is in the workflows' },
  {
    command: 'npm run template-diff -- …',
    reason: 'It wants a branch',
    coveredBy: 'script/template-diff/main.test.ts',
  },
  { command: 'npm test', reason: 'This test is a part of it' },
  {
    command: 'npm run neighbours',
    reason: 'It plays for minutes, as a step of its own',
    coveredBy: 'script/test-steps.mjs',
  },
  {
    command: 'npm run highlands -- up --app …',
    reason: 'One region at a time',
    coveredBy: 'examples/two-stacks-client-only/README.md',
  },
  {
    command: 'npm run highlands -- up --template …',
    reason: 'One region at a time',
    coveredBy: 'examples/plain-template/README.md',
  },
  {
    command: 'npm run highlands -- save-image …',
    reason: 'It is said of files elsewhere',
    coveredBy: 'examples/plain-template/README.md',
  },
  {
    command: 'npm run highlands -- deploy --app …',
    reason: 'It is said of an app elsewhere',
    coveredBy: 'examples/two-stacks-client-only/README.md',
  },
  {
    command: 'npm stop -- --all',
    reason: 'The session goes on, and `npm stop` ends it',
    coveredBy: 'test/e2e/region.e2e.ts',
  },
  { command: 'npm ci --ignore-scripts', reason: 'It ran before any test could', coveredBy: 'script/setup/set-up.mjs' },
  {
    command: 'npm pack ./connected-service',
    reason: 'It writes into the tree',
    coveredBy: 'connected-service/test/package.test.ts',
  },
  { command: 'npm run bench', reason: 'It starts and stops regions of its own, for minutes' },
  { command: 'npm run limits', reason: 'It measures for a minute, and writes a document' },
  { command: 'npm start -- --port 9090', reason: 'One region at a time', coveredBy: 'test/e2e/region.e2e.ts' },
  { command: 'npm start -- --foreground', reason: 'One region at a time, and this one stays in front' },
  {
    command: 'npm run new-service -- …',
    reason: 'It changes the tree',
    coveredBy: 'script/new-service/new-service.test.ts',
  },
  { command: 'npm run highlands -- publish service-d', reason: 'The tree has no service-d' },
  { command: 'npm run highlands -- deploy service-d', reason: 'The tree has no service-d' },
  { command: 'npm run highlands -- exec service-d …', reason: 'The tree has no service-d' },
  { command: 'export AWS_REGION=eu-west-1', reason: 'It is for AWS; the session has the local region' },
  { command: 'npm run deliver', reason: 'Its steps are typed one by one', coveredBy: 'test/deliver/deliver.region.ts' },
  {
    command: 'npm run deliver -- roll-back',
    reason: 'No delivery is unfinished',
    coveredBy: 'test/deliver/deliver.region.ts',
  },
  { command: 'gh api …', reason: 'It asks GitHub about your repository' },
  { command: 'gh run download …', reason: 'It asks GitHub for what a run left' },
  { command: 'npx cdk destroy', reason: 'It asks before it destroys', coveredBy: 'test/e2e/region.e2e.ts' },
  { command: 'docker …', reason: 'It needs Docker' },
  { command: 'aws ecr get-login-password | docker login …', reason: 'It needs Docker and AWS' },
  { command: 'digest=$(jq …', reason: 'It reads what Docker wrote' },
  {
    command: 'aws ssm put-parameter --overwrite --type String --name /highlands/service-a/image …',
    reason: 'It writes what Docker pushed',
  },
  { command: 'aws service-quotas …', reason: 'The local region has no quotas' },
  { command: 'aws cloudformation continue-update-rollback …', reason: 'It wants a stack whose rollback failed' },
  {
    command: 'python -m highlands_control_plane …',
    reason: 'The region has started it',
    coveredBy: 'local/control-plane/tests/conftest.py',
  },
];

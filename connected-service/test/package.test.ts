/** Packs the folder, and uses the package as another repository would: nothing is downloaded. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = join(import.meta.dirname, '..');
const modules = join(here, '..', 'node_modules');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'highlands-package-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const APP = `
const { App, Stack } = require('aws-cdk-lib');
const { Vpc } = require('aws-cdk-lib/aws-ec2');
const { Cluster, ContainerImage } = require('aws-cdk-lib/aws-ecs');
const { ConnectedService } = require('@highlands/connected-service');
const app = new App();
const stack = new Stack(app, 'Shop');
const cluster = new Cluster(stack, 'Cluster', { vpc: new Vpc(stack, 'Vpc'), enableFargateCapacityProviders: true });
new ConnectedService(stack, 'Orders', {
  cluster,
  namespaceArn: 'arn:aws:servicediscovery:eu-west-1:111122223333:namespace/ns-1',
  image: ContainerImage.fromRegistry('orders'),
  name: 'orders',
  aliasPort: 8091,
  desiredCount: 2,
});
const { Resources } = app.synth().getStackByName('Shop').template;
console.log(Object.values(Resources).filter(({ Type }) => Type === 'AWS::ECS::Service').length);
`;

test('the folder, packed and installed in an empty project, synthesises a service', () => {
  // A copy, as other tests use the folder while its manifest is the published one.
  const repository = join(folder, 'repository');
  const copy = join(repository, 'connected-service');
  cpSync(here, copy, { recursive: true, filter: (path) => !path.endsWith('/dist') });
  for (const file of ['tsconfig.json', 'LICENSE']) cpSync(join(here, '..', file), join(repository, file));
  symlinkSync(modules, join(repository, 'node_modules'));
  const before = readFileSync(join(copy, 'package.json'), 'utf8');
  const project = join(folder, 'project');
  mkdirSync(join(project, 'bin'), { recursive: true });
  const run = (command: string, ...args: string[]): string =>
    execFileSync(command, args, { cwd: project, encoding: 'utf8' }).trim();

  run('npm', 'pack', '--silent', '--pack-destination', folder, copy);
  const archive = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  expect(archive).toHaveLength(1);
  expect(readFileSync(join(copy, 'package.json'), 'utf8')).toBe(before);
  writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true }');
  run('npm', 'install', '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', `../${String(archive[0])}`);
  // The peers, which npm would download.
  for (const peer of ['aws-cdk-lib', 'constructs'])
    symlinkSync(join(modules, peer), join(project, 'node_modules', peer));
  const installed = readdirSync(join(project, 'node_modules/@highlands/connected-service'));
  expect(installed.toSorted()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
  writeFileSync(join(project, 'bin/app.js'), APP);
  expect(run('node', 'bin/app.js')).toBe('1');
});

/** Makes the package, and uses it as another repository would: nothing is downloaded. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

test('packed and installed in an empty project, it synthesises a service', () => {
  const run = (command: string, ...args: string[]): string =>
    execFileSync(command, args, { cwd: folder, encoding: 'utf8' }).trim();
  run('node', join(here, 'build.mjs'), join(folder, 'built'));
  const archive = run('npm', 'pack', '--silent', './built');
  writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "private": true }');
  run('npm', 'install', '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', `./${archive}`);
  // The peers, which npm would download.
  for (const peer of ['aws-cdk-lib', 'constructs'])
    symlinkSync(join(modules, peer), join(folder, 'node_modules', peer));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/app.js'), APP);
  expect(run('node', 'bin/app.js')).toBe('1');
});

import { deployCommand, OURS_AGAIN, repairText } from './repair.ts';
import { notDone } from '../deploy/stack-view.ts';
import { synthFailure } from '../deploy/synth-failure.ts';
import { namesInTitle } from '../terminal/titles.ts';

const stack = (status: string, changedAt = 1) => ({ status, reason: '', changedAt });

test('a deploy is done when its stack is complete, and not while it is under way or was rolled back', () => {
  expect(notDone('Shop', undefined, stack('CREATE_COMPLETE'))).toBeUndefined();
  expect(notDone('Shop', undefined, stack('UPDATE_IN_PROGRESS'))).toContain('UPDATE_IN_PROGRESS');
  expect(notDone('Shop', stack('UPDATE_COMPLETE'), stack('UPDATE_ROLLBACK_COMPLETE', 2))).toContain('ROLLBACK');
  expect(notDone('Shop', stack('UPDATE_COMPLETE'), undefined)).toContain('gone');
  // Nothing was to be changed.
  expect(notDone('Shop', stack('UPDATE_ROLLBACK_COMPLETE'), stack('UPDATE_ROLLBACK_COMPLETE'))).toBeUndefined();
});

test('a failed synth says what the app said last, without its stack', () => {
  const output =
    "node:internal\n  throw err;\n\nError: Cannot find module 'aws-cdk-lib'\n    at f (x.js:1)\n\nNode.js v20.1.0";
  const said = synthFailure('../shop', 'node app.js', output, ['app.js', 'cdk.json']);
  expect(said).toContain("Cannot find module 'aws-cdk-lib'");
  expect(said).not.toContain('x.js');
  expect(said).toContain('run `node app.js` there');
});

test.each([
  [['package-lock.json'], 'npm ci'],
  [['yarn.lock'], 'yarn install'],
  [['pnpm-lock.yaml'], 'pnpm install'],
  [[], 'npm install'],
])('without node_modules it says how to install them: %j', (locks, command) => {
  const said = synthFailure('../shop', 'node app.js', 'Error: x', ['package.json', ...locks]);
  expect(said).toContain(`../shop has no node_modules: run \`${command}\` there`);
});

test('titles have names, not where things lie', () => {
  const digest = `123456789012.dkr.ecr.us-east-1.amazonaws.com/team/${'a'.repeat(80)}@sha256:${'0'.repeat(64)}`;
  expect(namesInTitle(['/somewhere/far/shop.template.json', digest]).length).toBeLessThan(60);
  expect(namesInTitle(['a', 'b/c:1', 'd', 'e', 'f'])).toBe('a, c:1, d and 2 more');
});

test('after a failure the next commands are named, as they are typed', () => {
  const apps = { app: ['../my shop'], template: [], parameter: { A: '1' }, ssm: {}, image: { 'x:1': 'x.tar' } };
  const command = deployCommand(apps);
  expect(command).toBe("npm run highlands -- deploy --app '../my shop' --parameter A=1 --image x:1=x.tar");
  const text = repairText([command], ['web'], false);
  for (const said of [command, 'npm run logs -- web', 'npm stop', 'npm run status']) expect(text).toContain(said);
  expect(repairText(OURS_AGAIN, [], true)).toContain('Ctrl-C');
});

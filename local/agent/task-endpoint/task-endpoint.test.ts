import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { securityGroupRules } from '../core/network/security-groups.ts';
import { containerId, credentialsId } from '../core/task-endpoint/ids.ts';
import { run } from '../runtime/command.ts';
import { NamespaceHolder } from '../runtime/namespace-holder.ts';
import type { Task } from '../runtime/task.ts';
import { VpcRouter } from '../runtime/vpc-router.ts';
import { fakePlan, fakeTask } from '../testing/fake-task.ts';
import { definition } from '../testing/region-state.ts';
import { RoleCredentialsSource } from './role-credentials.ts';
import { TaskLook } from './seen-task.ts';
import { TaskEndpoint } from './task-endpoint.ts';
import { TaskStats } from './task-stats.ts';

/** Namespaces of its own need root; a user's are made by the region. */
const asRoot = process.getuid?.() === 0 ? describe : describe.skip;
const ROLE = 'arn:aws:iam::000000000000:role/app';

const plan = fakePlan({ taskDefinition: { ...definition('http'), taskRoleArn: ROLE } });
const assumed: unknown[] = [];
let expires = Date.now() + 3_600_000;
const sts = {
  send: ({ input }: { input: { RoleSessionName: string } }) => {
    assumed.push(input);
    const Credentials = { AccessKeyId: 'ASIA', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(expires) };
    return Promise.resolve({ Credentials });
  },
} as unknown as ConstructorParameters<typeof RoleCredentialsSource>[0];

asRoot('what a task is told at 169.254.170.2', () => {
  let router: VpcRouter;
  let own: NamespaceHolder;
  let stranger: NamespaceHolder;
  const logged: string[] = [];

  beforeAll(async () => {
    [router, own, stranger] = await Promise.all([VpcRouter.start(), NamespaceHolder.start(), NamespaceHolder.start()]);
    await router.attach(own, [plan.address], plan.gateway);
    await router.attach(stranger, ['10.0.1.5'], plan.gateway);
    // Security groups without a rule: nothing goes from anybody to anybody.
    const interfaces = [plan.address, '10.0.1.5'].map((address) => ({ address, securityGroupIds: [] }));
    await router.applyRules(() => securityGroupRules({ interfaces, groups: [] }));
    const task = Object.assign(fakeTask(plan, {}, []), { holder: own }) as Task;
    const endpoint = new TaskEndpoint({
      tasks: new Map([[plan.id, task]]),
      look: new TaskLook(run),
      stats: new TaskStats(undefined),
      credentials: new RoleCredentialsSource(sts),
      log: (message) => logged.push(message),
    });
    await endpoint.open(plan.subnet.vpcId, router);
    // Once for each VPC, whoever asks.
    await endpoint.open(plan.subnet.vpcId, router);
  });
  afterAll(() => {
    own.stop();
    stranger.stop();
    router.stop();
  });

  async function ask(from: NamespaceHolder, path: string): Promise<{ status: string; body: unknown }> {
    const curl = ['curl', '-s', '-m', '10', '-w', '\n%{http_code}', `http://169.254.170.2${path}`];
    const { stdout } = await promisify(execFile)('nsenter', from.enter(curl, false));
    const [body = '', status = ''] = stdout.split('\n');
    return { status, body: JSON.parse(body) as unknown };
  }

  test('itself, with the address of its real interface', async () => {
    const { status, body } = await ask(own, `/v4/${containerId(plan, 'app')}/task`);
    expect(status).toBe('200');
    expect(body).toMatchObject({
      TaskARN: plan.arn,
      Containers: [
        { Name: 'app', Networks: [{ MACAddress: expect.stringMatching(/^([0-9a-f]{2}:?){6}$/) as unknown }] },
      ],
    });
    expect(await ask(own, `/v3/${containerId(plan, 'app')}`)).toMatchObject({ status: '200', body: { Name: 'app' } });
    // Without cgroups nobody counts.
    expect(await ask(own, `/v4/${containerId(plan, 'app')}/stats`)).toEqual({ status: '200', body: null });
  });

  test('the credentials of its role, the same ones until shortly before their end', async () => {
    const path = `/v2/credentials/${credentialsId(plan)}`;
    const given = { RoleArn: ROLE, AccessKeyId: 'ASIA', SecretAccessKey: 's', Token: 't' };
    expect(await ask(own, path)).toMatchObject({ status: '200', body: given });
    await ask(own, path);
    expect(assumed).toMatchObject([{ RoleArn: ROLE, RoleSessionName: plan.id }]);
    expires = Date.now() + 60_000;
    const source = new RoleCredentialsSource(sts);
    await source.of(plan, ROLE);
    await source.of(plan, ROLE);
    expect(assumed).toHaveLength(3);
  });

  test('nothing of others, and others nothing of it', async () => {
    expect(await ask(own, '/v4/another-1')).toMatchObject({ status: '404' });
    expect(await ask(own, '/v2/credentials/another')).toMatchObject({
      status: '400',
      body: { code: 'InvalidIdInRequest' },
    });
    for (const path of [`/v4/${containerId(plan, 'app')}`, `/v2/credentials/${credentialsId(plan)}`])
      expect(await ask(stranger, path)).toMatchObject({ status: '404' });
    expect(logged).toEqual([]);
  });

  test('an endpoint that can not listen there says why', async () => {
    await expect(router.listen('169.254.170.2', 80)).rejects.toThrow(
      /nobody can listen at 169.254.170.2:80: .*EADDRINUSE/,
    );
  });
});

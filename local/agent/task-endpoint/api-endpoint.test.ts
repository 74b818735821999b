import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { promisify } from 'node:util';
import { API_ENDPOINT } from '../core/network/api-way.ts';
import { securityGroupRules } from '../core/network/security-groups.ts';
import { NamespaceHolder } from '../runtime/namespace-holder.ts';
import { VpcRouter } from '../runtime/vpc-router.ts';
import { stateWith, SUBNET } from '../testing/region-state.ts';
import { ApiEndpoint } from './api-endpoint.ts';

/** Namespaces of its own need root; a user's are made by the region. */
const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

const egress = [
  { protocol: 'all', fromPort: undefined, toPort: undefined, cidrs: ['0.0.0.0/0'], peerSecurityGroupIds: [] },
] as const;
const state = {
  ...stateWith([]),
  securityGroups: [{ id: 'sg-open', ingress: [], egress }],
  vpcEndpoints: [
    {
      ...{ id: 'vpce-1', vpcId: SUBNET.vpcId, type: 'Gateway', serviceName: 'com.amazonaws.us-east-1.s3' },
      ...{ routeTableIds: ['rtb-1'], subnetIds: [], securityGroupIds: [], privateDns: false },
    },
  ],
  routeTables: [{ id: 'rtb-1', vpcId: SUBNET.vpcId, main: true, subnetIds: [], routes: [] }],
};
const task = (address: string, securityGroupIds: string[]) => ({
  ...{ address, securityGroupIds, vpcId: SUBNET.vpcId, subnetId: SUBNET.id, publicAddress: false },
});
const open = task('10.0.1.4', ['sg-open']);
const closed = task('10.0.1.5', []);

asRoot('the region’s APIs in a VPC with a gateway endpoint of S3', () => {
  let router: VpcRouter;
  let holders: NamespaceHolder[];
  let control: Server;

  beforeAll(async () => {
    control = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.once('end', () => {
        const { method, url, headers } = request;
        response.writeHead(201, { 'x-amz-request-id': '1' });
        response.end(JSON.stringify({ method, url, host: headers.host, body }));
      });
    }).listen(0, '127.0.0.1');
    await once(control, 'listening');
    const address = control.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    router = await VpcRouter.start();
    holders = await Promise.all([NamespaceHolder.start(), NamespaceHolder.start()]);
    for (const [index, one] of [open, closed].entries())
      await router.attach(holders[index] as NamespaceHolder, [one.address], '10.0.1.1');
    const apis = { ...API_ENDPOINT, clients: [open.address] };
    await router.applyRules((countDenied) =>
      securityGroupRules({ interfaces: [open, closed], groups: state.securityGroups, apis, countDenied }),
    );
    const endpoint = new ApiEndpoint({
      endpoint: `http://127.0.0.1:${String(address.port)}`,
      clients: () => [open, closed],
      state: () => state,
    });
    await endpoint.open(SUBNET.vpcId, router);
  });
  afterAll(() => {
    for (const holder of holders) holder.stop();
    router.stop();
    control.close();
    control.closeAllConnections();
  });

  const curl = async (who: number, service: string, ...more: string[]): Promise<string> => {
    const credential = `Credential=ASIA/20261130/us-east-1/${service}/aws4_request`;
    const args = ['-s', '-w', '\n%{http_code}', '-H', `authorization: AWS4-HMAC-SHA256 ${credential}, Signature=0`];
    const command = ['curl', ...args, ...more];
    return (await promisify(execFile)('nsenter', (holders[who] as NamespaceHolder).enter(command, false))).stdout;
  };
  const at = (path: string): string => `http://${API_ENDPOINT.host}:${String(API_ENDPOINT.port)}${path}`;

  test('are reached by whom the way is open, as the request was sent', async () => {
    const [body = '', status] = (
      await curl(0, 's3', '-m', '10', '-T', import.meta.filename, at('/bucket/key?x=%2F'))
    ).split('\n');
    expect(status).toBe('201');
    expect(JSON.parse(body)).toMatchObject({
      ...{ method: 'PUT', url: '/bucket/key?x=%2F', host: '203.0.113.20:443' },
      body: expect.stringContaining('as the request was sent') as unknown,
    });
  });

  test('say why a service is not reached', async () => {
    expect(await curl(0, 'sqs', '-m', '10', '-X', 'POST', '-H', 'x-amz-target: AmazonSQS.ListQueues', at('/'))).toMatch(
      /"__type":"EndpointNotReached","message":"on AWS this gets no answer: nothing leads from subnet subnet-1 to sqs.*\n400$/,
    );
    expect(await curl(0, 's3', '-m', '10', at('/_agent/v1/version'))).toMatch(/\n404$/);
  });

  test('get no packet of a task whose security groups let nothing out, and the kernel counts it', async () => {
    // 28: the time is over. https://curl.se/libcurl/c/libcurl-errors.html
    await expect(curl(1, 's3', '-m', '1', at('/'))).rejects.toMatchObject({ code: 28 });
    const denied = router.denied();
    if (denied !== undefined)
      expect(denied).toMatchObject([{ missing: 'egress', from: closed.address, to: API_ENDPOINT.host, port: 443 }]);
  });
});

/** The testbed's services as most scenarios want them. */
import type { TestbedPort, TestbedService } from './testbed-stack.ts';

export const WEB: TestbedPort = {
  name: 'web',
  containerPort: 3000,
  appProtocol: 'http',
  aliasPort: 9000,
  // Short, so that a scenario does not wait for the default of 15 s.
  perRequestSeconds: 2,
};
const GRPC: TestbedPort = { name: 'grpc', containerPort: 3001, appProtocol: 'grpc', aliasPort: 9001 };
const TCP: TestbedPort = { name: 'tcp', containerPort: 3002, aliasPort: 9002, idleSeconds: 2 };

const LISTENERS = { GRPC_BIND_ADDRESS: '0.0.0.0:3001', TCP_BIND_ADDRESS: '0.0.0.0:3002' };

/** Three, so that two retries find two other hosts. */
export const TESTBED: TestbedService = { name: 'testbed', count: 3, ports: [WEB, GRPC, TCP], environment: LISTENERS };
const HTTP2: TestbedService = {
  name: 'testbed-h2',
  count: 1,
  // Without limits: for what takes its time.
  ports: [{ ...WEB, appProtocol: 'http2', aliasPort: 9010, perRequestSeconds: 0, idleSeconds: 0 }],
};
const IDLE: TestbedService = {
  name: 'testbed-idle',
  count: 1,
  ports: [{ ...WEB, aliasPort: 9020, perRequestSeconds: 0, idleSeconds: 2 }],
};
/** A client only, one task in each zone. */
export const PROBE: TestbedService = { name: 'probe', count: 2, ports: [] };

/** What most scenarios want, with a testbed of one's own. */
export const usualWith = (testbed: TestbedService): TestbedService[] => [testbed, HTTP2, IDLE, PROBE];
export const USUAL = usualWith(TESTBED);
export const URL = 'http://testbed:9000';

/** An authority that the local region stands in for. */
export const AUTHORITY =
  'arn:aws:acm-pca:us-east-1:000000000000:certificate-authority/11111111-2222-3333-4444-555555555555';

export const AWS = {
  deploy: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html',
  drain: 'https://aws.amazon.com/blogs/containers/graceful-shutdowns-with-ecs/',
  rolling: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html',
  circuitBreaker: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html',
  zones: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-zone-aware-routing.html',
  tls: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html',
  blueGreen: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-blue-green.html',
  groups: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html',
  scaling: 'https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html',
  lifecycle: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html',
  appMesh: 'https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy-defaults.html',
  bulkhead:
    'https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_use_bulkhead.html',
  sre: 'https://sre.google/sre-book/handling-overload/',
} as const;

import { SERVICE_NAMES } from '@highlands/connected-service';
import { CALLS, PUBLIC } from './mesh.ts';
import { resolve } from './references.ts';
import { type FoundResource, type Project, resources } from './system.ts';

/** One rule of a security group, written inside the group or as a resource of its own. */
interface Rule {
  readonly CidrIp?: string;
  readonly IpProtocol: string;
  readonly FromPort: number;
  readonly ToPort: number;
  readonly SourceSecurityGroupId?: unknown;
  readonly DestinationSecurityGroupId?: unknown;
}

function name(group: FoundResource): string {
  return String(group.properties['GroupDescription']);
}

function peer(project: Project, rule: Rule): string {
  const group = rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId;
  return group === undefined ? String(rule.CidrIp) : name(resolve(project, group));
}

function ports(rule: Rule): string {
  return rule.FromPort === rule.ToPort ? `${rule.IpProtocol} ${rule.FromPort}` : `${rule.FromPort}-${rule.ToPort}`;
}

function rules(direction: 'Ingress' | 'Egress'): string[] {
  const inside = resources('AWS::EC2::SecurityGroup').flatMap((group) =>
    ((group.properties[`SecurityGroup${direction}`] ?? []) as Rule[]).map((rule) => ({
      owner: name(group),
      project: group.project,
      rule,
    })),
  );
  const apart = resources(`AWS::EC2::SecurityGroup${direction}`).map(({ project, properties }) => ({
    owner: name(resolve(project, properties['GroupId'])),
    project,
    rule: properties as unknown as Rule,
  }));
  return [...inside, ...apart]
    .map(({ owner, project, rule }) =>
      direction === 'Ingress'
        ? `${peer(project, rule)} -> ${owner}: ${ports(rule)}`
        : `${owner} -> ${peer(project, rule)}: ${ports(rule)}`,
    )
    .sort();
}

const MESH = [
  ...PUBLIC.map((service) => `Public load balancer -> Tasks of ${service}: tcp 3000`),
  ...SERVICE_NAMES.flatMap((caller) =>
    CALLS[caller].map((called) => `Tasks of ${caller} -> Tasks of ${called}: tcp 3000`),
  ),
];

test('who may be called by whom: the public calls the load balancer, and the rest is as reviewed', () => {
  expect(rules('Ingress')).toEqual(['0.0.0.0/0 -> Public load balancer: tcp 80', ...MESH].sort());
});

test('who may call whom: the same edges, and HTTPS to AWS from tasks only', () => {
  const toAws = SERVICE_NAMES.map((service) => `Tasks of ${service} -> 0.0.0.0/0: tcp 443`);
  // CDK's way to say "nothing" where CloudFormation would otherwise allow everything: a rule that matches no packet.
  const nothing = 'Public load balancer -> 255.255.255.255/32: 252-86';
  expect(rules('Egress')).toEqual([...MESH, ...toAws, nothing].sort());
});

test('every service and load balancer has a group of its own, so the open default group is used by nothing', () => {
  const groups = [
    ...resources('AWS::ECS::Service').map(({ project, properties }) => ({
      project,
      groups: (properties['NetworkConfiguration'] as { AwsvpcConfiguration: { SecurityGroups: unknown[] } })
        .AwsvpcConfiguration.SecurityGroups,
    })),
    ...resources('AWS::ElasticLoadBalancingV2::LoadBalancer').map(({ project, properties }) => ({
      project,
      groups: properties['SecurityGroups'] as unknown[],
    })),
  ].map(({ project, groups }) => groups.map((group) => name(resolve(project, group))));
  expect(groups).toEqual([...SERVICE_NAMES.map((service) => [`Tasks of ${service}`]), ['Public load balancer']]);
});

/**
 * What of Route 53 and Cloud Map runs here:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Route53.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ServiceDiscovery.html
 */
import { ignored, shape, TAGS, warned } from './rules.ts';

const NO_DESCRIPTION = { Description: ignored('nothing reads it') };
const NO_CHECKS = warned(
  'health checks of Route 53 are not made: the record counts as healthy',
  'leave it out locally',
);
const NEAREST = warned(
  'everybody who asks is in this Region: the record of the Region answers, or the first one',
  'give the name one record locally',
);

const RECORD = {
  reads: [
    ...['HostedZoneId', 'HostedZoneName', 'Name', 'Type', 'TTL', 'ResourceRecords', 'SetIdentifier', 'Weight'],
    ...['MultiValueAnswer', 'Region'],
  ],
  others: {
    HealthCheckId: NO_CHECKS,
    Failover: warned('the primary record answers, whatever happens to it', 'do not count on the secondary one locally'),
    GeoLocation: NEAREST,
    GeoProximityLocation: NEAREST,
    CidrRoutingConfig: NEAREST,
  },
  parts: {
    AliasTarget: shape({
      reads: ['DNSName', 'HostedZoneId'],
      others: { EvaluateTargetHealth: ignored('a load balancer counts as healthy') },
    }),
  },
};

export const RECORD_SET = shape({
  ...RECORD,
  others: { ...RECORD.others, Comment: ignored('nothing reads it') },
});
export const RECORD_SET_GROUP = shape({
  reads: ['HostedZoneId', 'HostedZoneName'],
  others: { Comment: ignored('nothing reads it') },
  parts: { RecordSets: shape(RECORD) },
});

export const HOSTED_ZONE = shape({
  reads: ['Name'],
  others: {
    DelegationSetId: ignored('nothing is delegated'),
    HostedZoneConfig: ignored('nothing reads it'),
    HostedZoneFeatures: ignored('nothing is recovered faster'),
    HostedZoneTags: ignored('nothing reads tags'),
    QueryLoggingConfig: ignored('what is asked in vain is in the resolver’s log'),
  },
  parts: { VPCs: shape({ reads: ['VPCId', 'VPCRegion'] }) },
});

const DNS_NAMESPACE = {
  reads: ['Name'],
  others: { ...TAGS, ...NO_DESCRIPTION },
  parts: {
    Properties: shape({
      reads: [],
      parts: { DnsProperties: shape({ reads: [], parts: { SOA: shape({ reads: ['TTL'] }) } }) },
    }),
  },
};
export const PRIVATE_NAMESPACE = shape({ ...DNS_NAMESPACE, reads: ['Name', 'Vpc'] });
export const PUBLIC_NAMESPACE = shape(DNS_NAMESPACE);

export const DISCOVERY_SERVICE = shape({
  reads: ['Name', 'NamespaceId', 'Type', 'ServiceAttributes'],
  others: { ...TAGS, ...NO_DESCRIPTION, HealthCheckConfig: NO_CHECKS },
  parts: {
    HealthCheckCustomConfig: shape({ others: { FailureThreshold: ignored('it is 1 on AWS too, whatever is given') } }),
    DnsConfig: shape({
      reads: ['NamespaceId', 'RoutingPolicy'],
      parts: { DnsRecords: shape({ reads: ['Type', 'TTL'] }) },
    }),
  },
});

export const DISCOVERY_INSTANCE = shape({
  reads: ['InstanceId', 'ServiceId'],
  others: {},
  parts: { InstanceAttributes: shape({ reads: [], isMap: true, isOpen: true }) },
});

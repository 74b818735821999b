/** What ECS refuses in what a service says of Service Connect. */
import { listOf, membersOf, repeatedIn, textIn, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

const CODE = 'InvalidParameterException';
/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html and API_ServiceConnectClientAlias.html */
const DISCOVERY_NAME = /^[a-z0-9_][a-z0-9_-]{0,63}$/;
const DNS_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,125}[A-Za-z0-9])?$/;

export function connectRefusals({ ServiceConnectConfiguration }: Members): Refusal[] {
  const services = listOf(membersOf(ServiceConnectConfiguration)['Services']).map(membersOf);
  const path = 'ServiceConnectConfiguration.Services';
  const names = services.map(({ PortName, DiscoveryName }) => textIn(DiscoveryName ?? PortName));
  const each = services.flatMap(({ DiscoveryName, ClientAliases }, index) => {
    const name = textIn(DiscoveryName);
    const found: Refusal[] = [];
    if (name !== undefined && !DISCOVERY_NAME.test(name))
      found.push(
        says(
          `${path}[${index}].DiscoveryName`,
          CODE,
          `${shown(name)} is no discovery name: it has up to 64 small letters, digits, hyphens and underscores`,
        ),
      );
    for (const [at, alias] of listOf(ClientAliases).entries()) {
      const dnsName = textIn(membersOf(alias)['DnsName']);
      if (dnsName !== undefined && !DNS_NAME.test(dnsName))
        found.push(
          says(
            `${path}[${index}].ClientAliases[${at}].DnsName`,
            CODE,
            `The DNS name that you provided is invalid: ${shown(dnsName)}`,
          ),
        );
    }
    if (listOf(ClientAliases).length > 1)
      found.push(
        says(
          `${path}[${index}].ClientAliases`,
          CODE,
          `${listOf(ClientAliases).length} clientAliases exceeds the max limit of 1`,
        ),
      );
    return found;
  });
  const twice = repeatedIn(names.flatMap((name) => name ?? []));
  return [
    ...each,
    ...twice.map((name) => says(path, CODE, `the discovery name ${shown(name)} is there more than once`)),
  ];
}

/** What ECS refuses of the ports of a container. */
import { listOf, membersOf, numberIn, textIn } from './given.ts';
import { says, type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

const CODE = 'ClientException';
/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html */
const PORT_NAME = /^[a-z0-9_][a-z0-9_-]{0,63}$/;
/** A range such as 8000-8010, of which Fargate opens 100 at most. */
const PORT_RANGE = /^(\d{1,5})-(\d{1,5})$/;

export function portRefusals(path: string, mappings: unknown): Refusal[] {
  return listOf(mappings).flatMap((one, index) => {
    const { Name, ContainerPort, ContainerPortRange, HostPort } = membersOf(one);
    const at = `${path}.PortMappings[${index}]`;
    const [name, port, host, range] = [
      textIn(Name),
      numberIn(ContainerPort),
      numberIn(HostPort),
      textIn(ContainerPortRange),
    ];
    const found: Refusal[] = [];
    if (name !== undefined && !PORT_NAME.test(name))
      found.push(
        says(
          `${at}.Name`,
          CODE,
          `the port name ${shown(name)} is none: it has up to 64 small letters, digits, hyphens and underscores, and begins with no hyphen`,
        ),
      );
    if (port !== undefined && host !== undefined && host !== 0 && port !== host)
      found.push(
        says(
          `${at}.HostPort`,
          CODE,
          'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
        ),
      );
    if (ContainerPort === undefined && ContainerPortRange === undefined)
      found.push(says(`${at}.ContainerPort`, CODE, "Invalid 'containerPort' setting: a port mapping has one"));
    const [, first, last] = PORT_RANGE.exec(range ?? '') ?? [];
    if (range !== undefined && !(Number(first) >= 1 && Number(first) <= Number(last) && Number(last) <= 65_535))
      found.push(says(`${at}.ContainerPortRange`, CODE, `${shown(range)} is no range of ports from low to high`));
    return found;
  });
}

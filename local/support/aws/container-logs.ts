/** What ECS refuses of a container's logs: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html */
import { membersOf, textIn } from './given.ts';
import { says, type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

const CODE = 'ClientException';
const ON_FARGATE = ['awslogs', 'splunk', 'awsfirelens'];
const MODES = ['blocking', 'non-blocking'];

export function logRefusals(path: string, configuration: unknown): Refusal[] {
  const { LogDriver, Options } = membersOf(configuration);
  const driver = textIn(LogDriver);
  if (driver === undefined) return [];
  if (!ON_FARGATE.includes(driver))
    return [
      says(
        `${path}.LogConfiguration.LogDriver`,
        CODE,
        `${shown(driver)} is not a valid log driver. Must be one of [${ON_FARGATE.join(',')}]`,
      ),
    ];
  const mode = textIn(membersOf(Options)['mode']);
  const found =
    mode === undefined || MODES.includes(mode)
      ? []
      : [says(`${path}.LogConfiguration.Options`, CODE, `the mode ${shown(mode)} is none of ${MODES.join(', ')}`)];
  if (driver !== 'awslogs' || (Options !== undefined && Object.keys(membersOf(Options)).length === 0)) return found;
  const missing = ['awslogs-group', 'awslogs-region'].filter((name) => !(name in membersOf(Options)));
  return missing.length === 0
    ? found
    : [
        ...found,
        says(`${path}.LogConfiguration.Options`, CODE, `Log driver awslogs requires options: ${missing.join(', ')}`),
      ];
}

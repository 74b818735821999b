/** Custom resources: whether what their service token names can be run here. */
import AGREED from '../control-plane/agreed-with-agent.json' with { type: 'json' };
import { refused, type Refused } from './rules.ts';

const CUSTOM = 'AWS::CloudFormation::CustomResource';
export const FUNCTION = 'AWS::Lambda::Function';

/** The property that `--answer` gives a custom resource; it is made with that, and its function is not run. */
export const ANSWER = AGREED.customResources.givenAnswer;

/** Its type may be anybody's own. */
export const isCustom = (type: string): boolean => type === CUSTOM || type.startsWith('Custom::');

/** Why a function with these properties is not run here; undefined when it is. */
export function notRun(properties: Readonly<Record<string, unknown>>): string | undefined {
  const { Code: code, PackageType: kind, Runtime: runtime } = properties;
  const isImage = kind === 'Image' || (typeof code === 'object' && code !== null && 'ImageUri' in code);
  if (isImage) return 'its function is an image, and functions run from a zip here';
  if (typeof runtime !== 'string' || AGREED.customResources.runtimes.some((one) => runtime.startsWith(one)))
    return undefined;
  return `its function has the runtime ${runtime}, and Python, Node and provided run here`;
}

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}
type Resources = Readonly<Record<string, Resource>>;

const remedyFor = (id: string): string =>
  `give what it would answer: --answer ${id}=<its id>, and --answer ${id}.<attribute>=<value> for each attribute`;

/**
 * @param id of the custom resource
 * @returns why it can't be made here; undefined where it can, or where that is known at the deploy
 */
export function customRefusal(id: string, resources: Resources): Refused | undefined {
  const properties = resources[id]?.Properties ?? {};
  if (ANSWER in properties) return undefined;
  const token = properties['ServiceToken'];
  const because = (why: string): Refused => refused(why, remedyFor(id));
  if (typeof token === 'string') {
    if (token.startsWith('arn:') && token.split(':')[2] === 'sns') return because('nobody answers at a topic of SNS');
    return token.startsWith('arn:') ? because(`its function is not of this app: ${token}`) : undefined;
  }
  const named = functionIn(token, resources);
  const why =
    named === undefined
      ? undefined
      : named.Type === 'AWS::SNS::Topic'
        ? 'nobody answers at a topic of SNS'
        : notRun(named.Properties);
  return why === undefined ? undefined : because(why);
}

/** The resource of the same template whose ARN it is. */
function functionIn(token: unknown, resources: Resources): Resource | undefined {
  if (typeof token !== 'object' || token === null) return undefined;
  const [[name, given] = ['', undefined]] = Object.entries(token);
  if (name === 'Ref' && typeof given === 'string') return resources[given];
  if (name !== 'Fn::GetAtt') return undefined;
  const id: unknown = typeof given === 'string' ? given.split('.')[0] : Array.isArray(given) ? given[0] : undefined;
  return typeof id === 'string' ? resources[id] : undefined;
}

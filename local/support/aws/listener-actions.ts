/** What Elastic Load Balancing refuses of actions: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html */
import { ownOf } from '../../aws-shapes/own.ts';
import { refuses } from './aws-sentences.ts';
import { forwardRefusals } from './forward-actions.ts';
import { listOf, membersOf, textIn } from './given.ts';
import { type Refusal } from './refusal.ts';

const WANTED: Readonly<Record<string, readonly string[]>> = {
  forward: ['TargetGroupArn', 'ForwardConfig'],
  redirect: ['RedirectConfig'],
  'fixed-response': ['FixedResponseConfig'],
};
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html */
const CONTENT_TYPES = ['text/html', 'application/json', 'application/javascript', 'text/css', 'text/plain'];
const IN_PATH = ['#{path}', '#{host}', '#{port}'];

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html */
function redirectRefusals(path: string, config: unknown, protocol: unknown): Refusal[] {
  const { Protocol, Host, Port, Path, Query } = membersOf(config);
  if (Object.keys(membersOf(config)).length === 0) return [];
  const [port, target] = [textIn(Port), textIn(Path)];
  // What is left out is the request's own, as these say.
  const kept = ['#{protocol}', '#{host}', '#{port}', '/#{path}', '#{query}'];
  const changes = [Protocol, Host, Port, Path, Query].some((one, index) => one !== undefined && one !== kept[index]);
  const isPath =
    target === undefined ||
    (target.startsWith('/') && IN_PATH.every((placeholder) => target.split(placeholder).length <= 2));
  return [
    ...(changes ? [] : [refuses(path, 'redirectLoop')]),
    ...(port === undefined || port === '#{port}' || isPort(port) ? [] : [refuses(`${path}.Port`, 'redirectPort')]),
    ...(isPath ? [] : [refuses(`${path}.Path`, 'redirectPath')]),
    ...(protocol === 'HTTPS' && Protocol === 'HTTP' ? [refuses(`${path}.Protocol`, 'redirectBack')] : []),
  ];
}

function answerRefusals(path: string, config: unknown): Refusal[] {
  const content = textIn(membersOf(config)['ContentType']);
  const listed = CONTENT_TYPES.map((one) => `'${one}'`).join(', ');
  return content === undefined || CONTENT_TYPES.includes(content)
    ? []
    : [refuses(`${path}.ContentType`, 'contentType', { listed })];
}

/**
 * An action that only forwards, redirects or answers has its own configuration.
 * @param protocol of the listener, where it is known
 */
export function actionRefusals(path: string, actions: unknown, protocol: unknown): Refusal[] {
  if (Array.isArray(actions) && actions.length === 0) return [refuses(path, 'noAction')];
  const types = listOf(actions).map((one) => textIn(membersOf(one)['Type']));
  const count = types.filter((type) => ownOf(WANTED, type ?? '') !== undefined).length;
  const each = listOf(actions).flatMap((one, index) => {
    const [action, type, here] = [membersOf(one), types[index] ?? '', `${path}[${index}]`];
    const needed = ownOf(WANTED, type) ?? [];
    if (needed.length > 0 && !needed.some((name) => action[name] !== undefined))
      return [refuses(here, 'actionFields', { type, fields: needed.join(' or ') })];
    return [
      ...forwardRefusals(here, action),
      ...redirectRefusals(`${here}.RedirectConfig`, action['RedirectConfig'], protocol),
      ...answerRefusals(`${here}.FixedResponseConfig`, action['FixedResponseConfig']),
    ];
  });
  return [...(count > 1 ? [refuses(path, 'oneAction', { count })] : []), ...each];
}

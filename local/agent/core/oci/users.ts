/** Who a container's process is, by the image's own lists, as Docker reads them: https://pkg.go.dev/github.com/moby/sys/user */
import type { OciUser } from './config.ts';

export interface UserLists {
  /** Content of the image's /etc/passwd. */
  readonly passwd: string;
  /** Content of the image's /etc/group. */
  readonly group: string;
}

/** https://github.com/moby/sys/blob/main/user/user.go, minID and maxID */
const MAX_ID = 2 ** 31 - 1;

/**
 * @param user `user`, `uid`, `user:group`, `uid:gid`, `uid:group` or `user:gid`; empty for root
 * @throws Error with Docker's words for a name that the image does not have
 */
export function userIn(user: string, { passwd, group }: UserLists): OciUser {
  const [name = '', groupName = ''] = user.split(':');
  const wanted = name === '' ? '0' : name;
  const entry = linesOf(passwd).find((fields) => fields[0] === wanted || fields[2] === wanted);
  const uid = numberIn(entry?.[2] ?? wanted, `unable to find user ${name}: no matching entries in passwd file`);
  const groups = linesOf(group);
  if (groupName === '') {
    const member = entry?.[0];
    const additional = groups
      .filter((fields) => member !== undefined && (fields[3] ?? '').split(',').includes(member))
      .map((fields) => Number(fields[2]));
    const gid = Number(entry?.[3] ?? 0);
    return { uid, gid, additionalGids: [...new Set(additional)].filter((one) => Number.isInteger(one) && one !== gid) };
  }
  const found = groups.find((fields) => fields[0] === groupName || fields[2] === groupName);
  const gid = numberIn(found?.[2] ?? groupName, `unable to find group ${groupName}: no matching entries in group file`);
  return { uid, gid, additionalGids: [] };
}

const linesOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':').map((field) => field.trim()));

function numberIn(text: string, complaint: string): number {
  if (!/^\d+$/.test(text)) throw new Error(complaint);
  if (Number(text) > MAX_ID) throw new Error(`uids and gids must be in range 0-${String(MAX_ID)}`);
  return Number(text);
}

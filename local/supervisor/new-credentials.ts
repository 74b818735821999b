/** The credentials of a region, made with it. */
import { randomBytes, randomInt } from 'node:crypto';
import type { RegionCredentials } from '../region/region-file.ts';

/** https://www.rfc-editor.org/rfc/rfc4648#section-6, as AWS's key ids have it. */
const BASE_32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * In the form of AWS's, with a prefix that AWS gives to nobody: it can't be taken for a real key, nor for an account id, which
 * ministack would read out of a key id of twelve digits.
 */
export function newCredentials(): RegionCredentials {
  const id = Array.from({ length: 16 }, () => BASE_32[randomInt(BASE_32.length)] ?? '').join('');
  return { accessKeyId: `LKIA${id}`, secretAccessKey: randomBytes(30).toString('base64') };
}

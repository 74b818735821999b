/** Keeps the certificate of every service with TLS, and what its callers trust, in the files that the Envoys watch. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { PUBLIC_AUTHORITY } from '../core/listener-tls.ts';
import { PUBLIC_AUTHORITY_FILE } from '../../region/doors.ts';
import { oneLine } from '../../region/one-line.ts';
import { certificateFile, certificateSecret, trustFile, trustSecret } from '../core/envoy/tls.ts';
import type { TlsName } from '../core/topology/service-connect.ts';
import { moveInto } from '../../region/move-into.ts';
import { PrivateAuthority, type StoredAuthority } from './private-authority.ts';

/** "rotate every five days", two days before a certificate ends: the same page as its life of seven. */
const ROTATE_AFTER_MS = 5 * 24 * 3600 * 1000;
/** Callers of a service without TLS need a file too; nobody signs with this authority. */
const NO_AUTHORITY = 'none';

/** What the proxies that run have, so that another agent goes on with it: other authorities would cost every handshake. */
const Stored = z.object({
  authorities: z.record(z.string(), z.object({ certificate: z.string(), privateKey: z.string() })),
  issued: z.record(z.string(), z.object({ authority: z.string(), at: z.number() })),
  trusted: z.record(z.string(), z.string()),
});

export class Certificates {
  readonly path: string;
  readonly #authorities = new Map<string, Promise<PrivateAuthority>>();
  /** By EDS name: who signed, and when (epoch milliseconds). */
  readonly #issued = new Map<string, { readonly authority: string; readonly at: number }>();
  readonly #trusted = new Map<string, string>();
  readonly #log: (message: string) => void;

  readonly #file: string;
  #restored = false;

  /** @param file keeps what the next agent needs; for its owner only, as the keys of the authorities are in it */
  constructor(path: string, file: string, log: (message: string) => void) {
    this.path = path;
    this.#file = file;
    this.#log = log;
    mkdirSync(path, { recursive: true });
  }

  async #restore(): Promise<void> {
    if (this.#restored) return;
    this.#restored = true;
    if (!existsSync(this.#file)) return;
    const { data } = Stored.safeParse(JSON.parse(readFileSync(this.#file, 'utf8')));
    for (const [arn, stored] of Object.entries(data?.authorities ?? {})) {
      const authority = await PrivateAuthority.restore(stored);
      this.#authorities.set(arn, Promise.resolve(authority));
    }
    for (const [name, issued] of Object.entries(data?.issued ?? {})) this.#issued.set(name, issued);
    for (const [name, arn] of Object.entries(data?.trusted ?? {})) this.#trusted.set(name, arn);
  }

  async #store(): Promise<void> {
    const authorities: Record<string, StoredAuthority> = {};
    for (const [arn, authority] of this.#authorities) authorities[arn] = await (await authority).store();
    const stored = { issued: Object.fromEntries(this.#issued), trusted: Object.fromEntries(this.#trusted) };
    await moveInto(this.#file, JSON.stringify({ authorities, ...stored }), { mode: 0o600 });
  }

  /** @param rotateBefore epoch milliseconds; certificates older than this are replaced */
  async keep(names: readonly TlsName[], rotateBefore: number): Promise<void> {
    // An agent that can't read it makes everything again.
    await this.#restore().catch((error: unknown) => {
      this.#log(`${this.#file} can't be read: ${oneLine(error)}`);
    });
    let changed = false;
    for (const { edsName, serverName, otherNames, certificateAuthorityArn } of names) {
      const arn = certificateAuthorityArn ?? NO_AUTHORITY;
      const authority = await this.#authority(arn);
      // Trust first: the callers must know the authority before the first server shows a certificate of it.
      if (this.#trusted.get(edsName) !== arn) {
        await this.#write(trustFile(edsName), JSON.stringify(trustSecret(edsName, authority.certificate)));
        // For the people who ask: `curl --cacert`.
        if (arn === PUBLIC_AUTHORITY) await this.#write(basename(PUBLIC_AUTHORITY_FILE), authority.certificate);
        this.#trusted.set(edsName, arn);
        changed = true;
      }
      if (certificateAuthorityArn === undefined) continue;
      const former = this.#issued.get(edsName);
      const oldest = Math.max(rotateBefore, Date.now() - ROTATE_AFTER_MS);
      if (former !== undefined && former.authority === arn && former.at >= oldest) continue;
      const { certificate, privateKey } = await authority.issue(serverName, otherNames);
      const secret = certificateSecret(edsName, certificate, privateKey);
      await this.#write(certificateFile(edsName), JSON.stringify(secret));
      this.#issued.set(edsName, { authority: arn, at: Date.now() });
      changed = true;
      this.#log(`${former === undefined ? 'issued' : 'rotated'} the certificate of ${serverName}`);
    }
    if (changed) await this.#store();
  }

  #authority(arn: string): Promise<PrivateAuthority> {
    const existing = this.#authorities.get(arn) ?? PrivateAuthority.create(arn);
    this.#authorities.set(arn, existing);
    // What failed is tried again at the next call.
    existing.catch(() => this.#authorities.delete(arn));
    return existing;
  }

  /** Names that nobody has any more get new certificates when they come back. */
  forgetOthers(names: readonly TlsName[]): void {
    const kept = new Set(names.map(({ edsName }) => edsName));
    for (const memory of [this.#issued, this.#trusted])
      for (const name of memory.keys()) if (!kept.has(name)) memory.delete(name);
  }

  /** Readable for its owner only, because it may hold a private key. */
  async #write(name: string, content: string): Promise<void> {
    await moveInto(join(this.path, name), content, { mode: 0o600 });
  }
}

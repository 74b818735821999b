/** Keeps the certificate of every service with TLS, and what its callers trust, in the files that the Envoys watch. */
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PUBLIC_AUTHORITY, PUBLIC_AUTHORITY_FILE } from './core/listener-tls.ts';
import { certificateFile, certificateSecret, trustFile, trustSecret } from './core/envoy/tls.ts';
import type { TlsName } from './core/topology/service-connect.ts';
import { moveInto } from './move-into.ts';
import { PrivateAuthority } from './private-authority.ts';

/** "rotate every five days", two days before a certificate ends: the same page as its life of seven. */
const ROTATE_AFTER_MS = 5 * 24 * 3600 * 1000;
/** Callers of a service without TLS need a file too; nobody signs with this authority. */
const NO_AUTHORITY = 'none';

export class Certificates {
  readonly path: string;
  readonly #authorities = new Map<string, Promise<PrivateAuthority>>();
  /** By EDS name: who signed, and when (epoch milliseconds). */
  readonly #issued = new Map<string, { readonly authority: string; readonly at: number }>();
  readonly #trusted = new Map<string, string>();
  readonly #log: (message: string) => void;

  constructor(path: string, log: (message: string) => void) {
    this.path = path;
    this.#log = log;
    mkdirSync(path, { recursive: true });
  }

  /** @param rotateBefore epoch milliseconds; certificates older than this are replaced */
  async keep(names: readonly TlsName[], rotateBefore: number): Promise<void> {
    for (const { edsName, serverName, otherNames, certificateAuthorityArn } of names) {
      const arn = certificateAuthorityArn ?? NO_AUTHORITY;
      const authority = await this.#authority(arn);
      // Trust first: the callers must know the authority before the first server shows a certificate of it.
      if (this.#trusted.get(edsName) !== arn) {
        await this.#write(trustFile(edsName), JSON.stringify(trustSecret(edsName, authority.certificate)));
        // For the people who ask: `curl --cacert`.
        if (arn === PUBLIC_AUTHORITY) await this.#write(basename(PUBLIC_AUTHORITY_FILE), authority.certificate);
        this.#trusted.set(edsName, arn);
      }
      if (certificateAuthorityArn === undefined) continue;
      const former = this.#issued.get(edsName);
      const oldest = Math.max(rotateBefore, Date.now() - ROTATE_AFTER_MS);
      if (former !== undefined && former.authority === arn && former.at >= oldest) continue;
      const { certificate, privateKey } = await authority.issue(serverName, otherNames);
      const secret = certificateSecret(edsName, certificate, privateKey);
      await this.#write(certificateFile(edsName), JSON.stringify(secret));
      this.#issued.set(edsName, { authority: arn, at: Date.now() });
      this.#log(`${former === undefined ? 'issued' : 'rotated'} the certificate of ${serverName}`);
    }
  }

  #authority(arn: string): Promise<PrivateAuthority> {
    const existing = this.#authorities.get(arn) ?? PrivateAuthority.create(arn);
    this.#authorities.set(arn, existing);
    // What failed is tried again by whoever asks next.
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

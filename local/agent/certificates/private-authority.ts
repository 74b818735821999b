/** What AWS Private CA is for Service Connect: an authority of the region's own that signs short-lived certificates. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

/** "256-bit ECDSA": https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html */
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 24 * 3600 * 1000;
/** The authority lives as long as the region; a year is longer than any run. */
const AUTHORITY_DAYS = 365;
/** "certificate life is seven days": https://aws.amazon.com/blogs/containers/secure-amazon-elastic-container-service-workloads-with-amazon-ecs-service-connect/ */
const CERTIFICATE_DAYS = 7;
/** Clocks differ a little; a certificate is good from an hour ago. */
const BACKDATED_MS = 3600 * 1000;

export interface IssuedCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

const serial = (): string => Buffer.from(webcrypto.getRandomValues(new Uint8Array(16))).toString('hex');
const generateKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

/** An authority as the agent keeps it for the one after it, PEM. */
export interface StoredAuthority {
  readonly certificate: string;
  readonly privateKey: string;
}

export class PrivateAuthority {
  readonly #root: x509.X509Certificate;
  readonly #key: webcrypto.CryptoKey;

  private constructor(root: x509.X509Certificate, key: webcrypto.CryptoKey) {
    this.#root = root;
    this.#key = key;
  }

  /** @param arn whose stand-in it is; part of its name */
  static async create(arn: string): Promise<PrivateAuthority> {
    const keys = await generateKeys();
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serial(),
      name: [{ CN: ['Highlands local authority'] }, { OU: [arn.split('/').at(-1)?.slice(0, 64) ?? ''] }],
      notBefore: new Date(Date.now() - BACKDATED_MS),
      notAfter: new Date(Date.now() + AUTHORITY_DAYS * DAY_MS),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    });
    return new PrivateAuthority(root, keys.privateKey);
  }

  /** @throws Error when it is none */
  static async restore({ certificate, privateKey }: StoredAuthority): Promise<PrivateAuthority> {
    const key = x509.PemConverter.decodeFirst(privateKey);
    const imported = await webcrypto.subtle.importKey('pkcs8', key, ALGORITHM, true, ['sign']);
    return new PrivateAuthority(new x509.X509Certificate(certificate), imported);
  }

  async store(): Promise<StoredAuthority> {
    const key = await webcrypto.subtle.exportKey('pkcs8', this.#key);
    return { certificate: this.certificate, privateKey: x509.PemConverter.encode(key, 'PRIVATE KEY') };
  }

  /** The authority's own certificate, PEM. */
  get certificate(): string {
    return this.#root.toString('pem');
  }

  /** A server certificate for a DNS name, and for others beside it. */
  async issue(serverName: string, others: readonly string[] = []): Promise<IssuedCertificate> {
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      issuer: this.#root.subject,
      // A common name has at most 64 characters; what counts is the alternative name below.
      subject: [{ CN: [serverName.slice(0, 64)] }],
      notBefore: new Date(Date.now() - BACKDATED_MS),
      notAfter: new Date(Date.now() + CERTIFICATE_DAYS * DAY_MS),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: this.#key,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([serverName, ...others].map((value) => ({ type: 'dns', value }))),
      ],
    });
    const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    return {
      certificate: certificate.toString('pem'),
      privateKey: x509.PemConverter.encode(key, 'PRIVATE KEY'),
    };
  }
}

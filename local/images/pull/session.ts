/**
 * Asks one registry for what lies in one repository, with the credentials that it wants:
 * https://distribution.github.io/distribution/spec/auth/token/
 */
import pRetry, { AbortError } from 'p-retry';
import { fetch, type Dispatcher, type Response } from 'undici';
import { z } from 'zod';
import type { Reference } from '../reference.ts';
import { challengesIn, type Challenge } from './challenge.ts';
import { addressesOf, dispatcherFor } from './connection.ts';
import { credentialsFor, type Credentials } from './docker-config.ts';
import { isLasting, isNoTls, PullError, refusedBy, unreached } from './pull-error.ts';
import { jsonIn } from './manifests.ts';
import { RETRYING, wholeAnswer } from './whole-answer.ts';

/** One of both is there: https://distribution.github.io/distribution/spec/auth/token/#token-response-fields */
const Token = z.object({ token: z.string().optional(), access_token: z.string().optional() });

type Headers = Readonly<Record<string, string>>;

/** As far as it is used. */
interface Question {
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Headers;
  readonly body?: URLSearchParams;
}

export class Session {
  readonly host: string;
  readonly #repository: string;
  readonly #dispatcher: Dispatcher;
  readonly #configFile: string | undefined;
  #address: string | undefined;
  #authorization: string | undefined;
  #credentials: Promise<Credentials> | undefined;

  /** @param configFile Docker's configuration; the user's by default */
  constructor({ host, repository }: Pick<Reference, 'host' | 'repository'>, configFile?: string) {
    this.host = host;
    this.#repository = repository;
    this.#dispatcher = dispatcherFor(host);
    this.#configFile = configFile;
  }

  /**
   * @param path below that of the repository
   * @returns an answer with success; what it holds is read by the caller
   * @throws PullError with the reason
   */
  async ask(path: string, headers: Headers, method: 'GET' | 'HEAD' = 'GET'): Promise<Response> {
    const ask = async (address: string): Promise<Response> => {
      const url = new URL(`/v2/${this.#repository}/${path}`, address);
      const authorization = this.#authorization;
      const all = authorization === undefined ? headers : { ...headers, authorization };
      return this.#fetch(url, { method, headers: all });
    };
    let answer = await this.#atAddress(ask);
    if (answer.status === 401) {
      this.#authorization = await this.#authorize(challengesIn(answer.headers.get('www-authenticate') ?? ''));
      if (this.#authorization === undefined) throw await this.#refused(answer);
      await answer.body?.cancel();
      answer = await this.#atAddress(ask);
    }
    if (answer.ok) return answer;
    throw await this.#refused(answer);
  }

  /** As `ask`, with all that the answer holds. */
  read(path: string, headers: Headers): Promise<Buffer> {
    return wholeAnswer(this.host, () => this.ask(path, headers));
  }

  async close(): Promise<void> {
    await this.#dispatcher.close();
  }

  /** A registry of this machine may speak plain HTTP, which the first question finds out. */
  async #atAddress(ask: (address: string) => Promise<Response>): Promise<Response> {
    if (this.#address !== undefined) return ask(this.#address);
    const [first, ...others] = addressesOf(this.host);
    for (const [index, address] of [first, ...others].entries()) {
      try {
        const answer = await ask(address);
        this.#address = address;
        return answer;
      } catch (error) {
        if (index === others.length || !(error instanceof PullError && isNoTls(error.cause))) throw error;
      }
    }
    throw new Error(`${this.host} has no address`); // never: the last one answered or threw
  }

  /** Once more where that may help: the network, a server that is busy or begins again. */
  async #fetch(url: URL, question: Question): Promise<Response> {
    try {
      return await pRetry(async () => {
        const answer = await fetch(url, { ...question, dispatcher: this.#dispatcher }).catch((error: unknown) => {
          throw isLasting(error) ? new AbortError(error instanceof Error ? error : String(error)) : error;
        });
        if (answer.status < 500 && answer.status !== 429) return answer;
        throw await this.#refused(answer);
      }, RETRYING);
    } catch (error) {
      if (error instanceof PullError) throw error;
      throw Object.assign(unreached(this.host, error), { cause: error });
    }
  }

  async #known(): Promise<Credentials> {
    this.#credentials ??= credentialsFor(this.host, this.#configFile);
    return this.#credentials;
  }

  async #refused(answer: Response): Promise<PullError> {
    const { note, ...credentials } = (await this.#credentials) ?? {};
    const body = (await answer.text().catch(() => '')).slice(0, 2000);
    return refusedBy(this.host, answer.status, body, Object.keys(credentials).length > 0, note);
  }

  /** @returns a value of the Authorization header; nothing where there are no credentials and none are given */
  async #authorize(challenges: readonly Challenge[]): Promise<string | undefined> {
    const credentials = await this.#known();
    if (credentials.registryToken !== undefined) return `Bearer ${credentials.registryToken}`;
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    if (bearer !== undefined) return `Bearer ${await this.#token(bearer.parameters, credentials)}`;
    const isBasic = challenges.some(({ scheme }) => scheme === 'basic');
    return isBasic && credentials.basic !== undefined ? basic(credentials.basic) : undefined;
  }

  async #token(asked: Challenge['parameters'], { basic: own, identityToken }: Credentials): Promise<string> {
    const realm = asked['realm'] ?? '';
    if (!URL.canParse(realm)) throw new PullError(`${this.host} names no place that gives tokens ("${realm}")`);
    const wanted = {
      ...(asked['service'] === undefined ? {} : { service: asked['service'] }),
      scope: asked['scope'] ?? `repository:${this.#repository}:pull`,
    };
    const url = new URL(realm);
    let question: Question = { headers: own === undefined ? {} : { authorization: basic(own) } };
    if (identityToken === undefined)
      for (const [name, value] of Object.entries(wanted)) url.searchParams.set(name, value);
    else question = { method: 'POST', body: refreshing(identityToken, wanted) };
    const answer = await wholeAnswer(this.host, async () => {
      const response = await this.#fetch(url, question);
      if (!response.ok) throw await this.#refused(response);
      return response;
    });
    const { data } = Token.safeParse(jsonIn(answer));
    const given = data?.token ?? data?.access_token;
    if (given === undefined) throw new PullError(`${url.host}, which ${this.host} names for its tokens, gave none`);
    return given;
  }
}

const basic = (nameAndPassword: string): string => `Basic ${Buffer.from(nameAndPassword).toString('base64')}`;

/** https://distribution.github.io/distribution/spec/auth/oauth/ */
const refreshing = (refresh_token: string, wanted: Headers): URLSearchParams =>
  new URLSearchParams({ grant_type: 'refresh_token', client_id: 'highlands', refresh_token, ...wanted });

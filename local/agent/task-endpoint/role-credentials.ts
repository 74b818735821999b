/** Credentials of tasks' roles, as ECS assumes them: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html */
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { z } from 'zod';
import type { TaskPlan } from '../core/task-plan.ts';

const Assumed = z.object({
  AccessKeyId: z.string(),
  SecretAccessKey: z.string(),
  SessionToken: z.string(),
  Expiration: z.date(),
});

/** What an SDK reads at the credentials endpoint: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
export interface RoleCredentials {
  readonly RoleArn: string;
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Token: string;
  readonly Expiration: string;
}

/** Those of ECS live for six hours: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html */
const DURATION_SECONDS = 6 * 60 * 60;
/** The SDKs ask again between 5 and 15 minutes before the end: then they must get others. */
const RENEWED_BEFORE_MS = 15 * 60 * 1000;

type Owner = Pick<TaskPlan, 'id'>;

export class RoleCredentialsSource {
  readonly #sts: Pick<STSClient, 'send'>;
  /** By the plan of the task, with which they go. */
  readonly #kept = new WeakMap<Owner, Promise<RoleCredentials>>();

  constructor(sts: Pick<STSClient, 'send'>) {
    this.#sts = sts;
  }

  /** @throws Error that says why the role can't be assumed */
  async of(owner: Owner, roleArn: string): Promise<RoleCredentials> {
    const kept = await this.#kept.get(owner)?.catch(() => undefined);
    if (kept !== undefined && Date.parse(kept.Expiration) - Date.now() > RENEWED_BEFORE_MS) return kept;
    const asked = this.#assume(owner.id, roleArn);
    this.#kept.set(owner, asked);
    return asked;
  }

  async #assume(taskId: string, roleArn: string): Promise<RoleCredentials> {
    // As ECS names its sessions, so that a trail says which task it was.
    const answer = await this.#sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: taskId, DurationSeconds: DURATION_SECONDS }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Assumed.parse(answer.Credentials);
    return {
      ...{ RoleArn: roleArn, AccessKeyId, SecretAccessKey, Token: SessionToken },
      Expiration: Expiration.toISOString(),
    };
  }
}

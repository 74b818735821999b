/** What the scheduler knows of a task. */

export interface TaskView {
  readonly id: string;
  readonly deploymentId: string;
  readonly zone: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** False once the task was asked to stop. */
  readonly wanted: boolean;
  readonly running: boolean;
  /** Running, its containers healthy and healthy in every target group. */
  readonly ready: boolean;
  /** Ready, and proven to stay so; a deployment goes on by these. */
  readonly steady: boolean;
  /** Why it has to be replaced, if it has to. */
  readonly unhealthy: string | undefined;
}

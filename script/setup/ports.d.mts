export interface AskedPort {
  readonly port: number;
  readonly reserved: readonly number[];
  readonly choose: (port: number) => string;
}
export interface SeenPort {
  readonly port: number;
  readonly state: 'free' | 'taken' | 'forbidden';
  readonly free: number | undefined;
  readonly choose: (port: number) => string;
}
export function lookAtPort(asked: AskedPort): Promise<SeenPort>;
export function portComplaint(seen: SeenPort): string | undefined;

/** An image that CDK would let Docker build: https://github.com/aws/aws-cdk-cli/blob/main/packages/%40aws-cdk/cloud-assembly-schema/lib/assets/docker-image-asset.ts */

/** https://docs.docker.com/build/cache/backends/ */
export interface CacheOption {
  readonly type: string;
  readonly params?: Readonly<Record<string, string>>;
}

export interface BuildRequest {
  /** Where its paths begin. */
  readonly base: string;
  /** Of what is built; absent where a program gives the image. */
  readonly directory?: string;
  /** It prints the name of an image that Docker has. */
  readonly executable?: readonly string[];
  readonly dockerFile?: string;
  readonly dockerBuildTarget?: string;
  readonly dockerBuildArgs?: Readonly<Record<string, string>>;
  readonly dockerBuildContexts?: Readonly<Record<string, string>>;
  readonly dockerBuildSecrets?: Readonly<Record<string, string>>;
  readonly dockerBuildSsh?: string;
  readonly networkMode?: string;
  readonly platform?: string;
  readonly dockerOutputs?: readonly string[];
  readonly cacheFrom?: readonly CacheOption[];
  readonly cacheTo?: CacheOption;
  readonly cacheDisabled?: boolean;
}

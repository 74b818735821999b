import { buildArguments, saveArguments } from './arguments.ts';

test('a build has the arguments of cdk-assets, for this machine', () => {
  expect(buildArguments({ base: '/', directory: 'web' }, 'tag', 'arm64')).toEqual(['build', '--tag', 'tag', '.']);
  const all = {
    ...{ base: '/', directory: 'web', dockerFile: 'Own', dockerBuildTarget: 'web', networkMode: 'host' },
    ...{ platform: 'linux/amd64', dockerBuildSsh: 'default', cacheDisabled: true, dockerOutputs: ['type=image'] },
    dockerBuildArgs: { A: '1', B: 'two words' },
    dockerBuildContexts: { other: '../other' },
    dockerBuildSecrets: { token: 'src=token.txt' },
    cacheFrom: [{ type: 'registry', params: { ref: 'a/b' } }, { type: 'gha' }],
    cacheTo: { type: 'local', params: { dest: 'x', mode: 'max' } },
  };
  expect(buildArguments(all, 'tag', 'arm64').join(' ')).toBe(
    'build --build-arg A=1 --build-arg B=two words --build-context other=../other --secret id=token,src=token.txt --ssh default' +
      ' --tag tag --target web --file Own --network host --platform linux/arm64 --output=type=image' +
      ' --cache-from type=registry,ref=a/b --cache-from type=gha --cache-to type=local,dest=x,mode=max --no-cache .',
  );
});

test('each tool writes a file in its own way', () => {
  expect(saveArguments('docker', 't', '/f')).toEqual(['save', '--output', '/f', 't']);
  expect(saveArguments('podman', 't', '/f')).toEqual(['save', '--format', 'oci-archive', '--output', '/f', 't']);
  expect(saveArguments('buildah', 't', '/f')).toEqual(['push', 't', 'oci-archive:/f']);
});

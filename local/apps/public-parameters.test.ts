import { isKnownPublic, publicImage } from './public-parameters.ts';

test.each([
  '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
  '/aws/service/ecs/optimized-ami/amazon-linux-2/arm64/recommended/image_id',
  '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended',
  '/aws/service/bottlerocket/aws-ecs-1/x86_64/latest/image_id',
  '/aws/service/aws-for-fluent-bit/stable',
  '/aws/service/debian/release/12/latest/arm64',
  '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/ecs_agent_version',
  '/aws/service/eks/optimized-ami/1.31/amazon-linux-2023/x86_64/standard/recommended/release_version',
])('%s has a stand-in', (name) => {
  expect(isKnownPublic(name)).toBe(true);
});

test.each(['/aws/service/global-infrastructure/regions', '/aws/service/', '/mine', '/mine/aws/service/x/image_id'])(
  '%s has none',
  (name) => {
    expect(isKnownPublic(name)).toBe(false);
  },
);

test('Fluent Bit’s is the image that AWS has', () => {
  expect(publicImage('/aws/service/aws-for-fluent-bit/latest')).toBe(
    '906394416424.dkr.ecr.us-east-1.amazonaws.com/aws-for-fluent-bit:latest',
  );
  expect(publicImage('/aws/service/ecs/optimized-ami/amazon-linux-2/recommended/image_id')).toBeUndefined();
});

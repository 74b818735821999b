import { Match, Template } from 'aws-cdk-lib/assertions';
import { stackWith } from './stack-with.ts';

const TASK_DEFINITION = 'AWS::ECS::TaskDefinition';

test('ECS Exec gets what its agent needs: channels, a writable root, somebody who reaps', () => {
  const template = Template.fromStack(stackWith({ executeCommand: true }));
  template.hasResourceProperties('AWS::ECS::Service', { EnableExecuteCommand: true });
  template.hasResourceProperties(TASK_DEFINITION, {
    ContainerDefinitions: [
      Match.objectLike({
        ReadonlyRootFilesystem: false,
        LinuxParameters: Match.objectLike({ InitProcessEnabled: true }),
      }),
    ],
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [{ Effect: 'Allow', Action: Match.arrayWith(['ssmmessages:OpenDataChannel']), Resource: '*' }],
    },
  });
});

test('without it the task role may do nothing', () => {
  const template = Template.fromStack(stackWith());
  template.hasResourceProperties('AWS::ECS::Service', { EnableExecuteCommand: Match.absent() });
  expect(JSON.stringify(template.toJSON())).not.toContain('ssmmessages');
});

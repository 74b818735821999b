import { typeSupport } from './resource-types.ts';

test.each([
  ['AWS::EC2::Route', 'decides with others'],
  ['AWS::EC2::RouteTable', 'decides with others'],
  ['AWS::EC2::SubnetRouteTableAssociation', 'decides with others'],
  ['AWS::EC2::VPCEndpoint', 'decides with others'],
  ['AWS::EC2::InternetGateway', 'a record: tasks reach each other'],
  ['AWS::S3::Bucket', 'the region serves it'],
  ['AWS::S3::BucketPolicy', 'it counts for what tasks call'],
  ['AWS::SNS::TopicPolicy', 'it counts for what tasks call'],
  ['AWS::SQS::QueuePolicy', 'it counts for what tasks call'],
])('what is said of %s itself wins over what is said of its kind', (type, said) => {
  expect(typeSupport(type)).toMatchObject({ kind: 'record', note: expect.stringContaining(said) as string });
});

test.each([
  ['AWS::EC2::NatGateway', 'no other way out'],
  ['AWS::Events::Rule', 'it starts tasks of ECS'],
  ['AWS::Events::EventBus', 'an event starts nothing'],
])('so does the warning of %s', (type, said) => {
  expect(typeSupport(type)).toMatchObject({
    kind: 'warned',
    rule: { warned: expect.stringContaining(said) as string },
  });
});

/** What AWS's runtime has for inline functions: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html */
const https = require('node:https');

exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';

exports.send = function send(event, context, responseStatus, responseData, physicalResourceId, noEcho) {
  const body = JSON.stringify({
    Status: responseStatus,
    Reason: `See the details in CloudWatch Log Stream: ${context.logStreamName}`,
    PhysicalResourceId: physicalResourceId || context.logStreamName,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    NoEcho: noEcho || false,
    Data: responseData,
  });
  const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve) => {
    const asked = https.request(event.ResponseURL, { method: 'PUT', headers }, (answer) => {
      console.log(`Status code: ${answer.statusCode}`);
      answer.resume();
      context.done();
      resolve();
    });
    asked.on('error', (error) => {
      console.log(`send(..) failed executing https.request(..): ${error}`);
      context.done();
      resolve();
    });
    asked.end(body);
  });
};

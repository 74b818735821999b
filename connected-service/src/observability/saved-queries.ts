import { Stack } from 'aws-cdk-lib';
import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

interface SavedQueriesProps {
  /** Log group of the proxy, with one JSON line for each request. */
  readonly accessLogs: ILogGroup;
}

/** What one looks at of a request. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-envoy-access-logs.html */
const REQUEST = [
  'start_time',
  'method',
  'authority',
  'path',
  'response_code',
  'duration_ms',
  'upstream_host',
  'request_id',
];

/**
 * Saved Logs Insights queries over the access log. A request keeps its request_id from proxy to proxy: to follow it, choose
 * the proxy log groups of the other services beside the saved one.
 */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, props: SavedQueriesProps) {
    super(scope, id);
    const logGroups = [props.accessLogs];
    // CloudFormation wants a name; slashes make folders in the console.
    const name = (title: string): string => `${Stack.of(this).stackName}/${title}`;
    new QueryDefinition(this, 'Request', {
      queryDefinitionName: name('one request by request_id'),
      logGroups,
      queryString: new QueryString({
        fields: ['@timestamp', '@log', ...REQUEST],
        filterStatements: ['request_id = "PASTE THE REQUEST ID"'],
        sort: '@timestamp asc',
      }),
    });
    new QueryDefinition(this, 'Errors', {
      queryDefinitionName: name('errors by path and task'),
      logGroups,
      queryString: new QueryString({
        filterStatements: ['response_code >= 500'],
        statsStatements: ['count(*) as errors by path, response_code, upstream_host'],
        sort: 'errors desc',
      }),
    });
    new QueryDefinition(this, 'Slowest', {
      queryDefinitionName: name('slowest requests'),
      logGroups,
      queryString: new QueryString({
        fields: REQUEST,
        filterStatements: ['ispresent(request_id)'],
        sort: 'duration_ms desc',
        limit: 50,
      }),
    });
  }
}

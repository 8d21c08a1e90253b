/** Amazon API Gateway: the CORS configuration of an HTTP API. */
import { CLOUD, json, onlyFirstRule } from './cloud-notes.ts';
import type { CorsPolicy } from './cors-policy.ts';
import type { Stack, StackNote } from './types.ts';

function configuration({ rules: [rule] }: CorsPolicy) {
  const { origins, credentials, methods, requestHeaders, exposedHeaders, maxAge } = rule;
  return {
    AllowOrigins: origins.any ? ['*'] : origins.exact,
    AllowCredentials: credentials,
    AllowMethods: methods,
    AllowHeaders: requestHeaders,
    ExposeHeaders: exposedHeaders,
    ...(maxAge !== undefined && { MaxAge: maxAge }),
  };
}

function notes(policy: CorsPolicy): StackNote[] {
  const lost = policy.rules[0].origins.patterns.map(one => one.declared);
  return [
    ...onlyFirstRule(policy, 'the whole API'),
    ...(lost.length > 0
      ? [
          {
            text: `It takes exact origins, "*" and all of a scheme, but no patterns: ${lost.join(', ')} cannot be written.`,
            workaround:
              'List the origins one by one, or leave CORS to the integration and configure none here.',
            check: 'origin-not-allowed',
          },
        ]
      : []),
    {
      text: 'It answers preflights itself and drops the CORS headers of the integration behind it. A REST API has no such configuration: there every method needs an OPTIONS, and gateway responses (401, 403, 429, 5xx) need the headers too.',
    },
  ];
}

const documentation = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html';

export const apiGateway: Stack = {
  id: 'api-gateway',
  title: 'Amazon API Gateway (HTTP API)',
  ecosystem: 'cloud',
  aliases: ['aws-api-gateway', 'apigateway'],
  marks: {
    packages: [],
    headers: [
      ['apigw-requestid', /./],
      ['x-amz-apigw-id', /./],
    ],
  },
  docs: documentation,
  // aws apigatewayv2 update-api --api-id … --cors-configuration file://cors.json
  configure: policy => ({
    files: [{ path: 'cors.json', language: 'json', text: json(configuration(policy)) }],
    notes: notes(policy),
  }),
  gettingStarted: {
    source: documentation,
    files: () => [
      {
        path: 'cors.json',
        language: 'json',
        text: json({ AllowOrigins: ['*'] }),
      },
    ],
  },
  notProven: CLOUD,
};

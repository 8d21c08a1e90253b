/** Amazon CloudFront: a response headers policy for each rule. */
import { CLOUD, json } from './cloud-notes.ts';
import type { AllowedOrigins, CorsPolicy, CorsRule } from './cors-policy.ts';
import type { Stack, StackNote } from './types.ts';

const items = (values: readonly string[]) => ({ Quantity: values.length, Items: values });

/** A wildcard stands for the leftmost label. */
const isWildcard = (declared: string): boolean => /^[a-z]+:\/\/\*\.[^*]+$/.test(declared);

const allowed = ({ any, exact, patterns }: AllowedOrigins): string[] =>
  any ? ['*'] : [...exact, ...patterns.map(one => one.declared).filter(isWildcard)];

const policyOf = (rule: CorsRule) => ({
  Name: rule.name,
  CorsConfig: {
    AccessControlAllowOrigins: items(allowed(rule.origins)),
    AccessControlAllowCredentials: rule.credentials,
    AccessControlAllowMethods: items(rule.methods),
    AccessControlAllowHeaders: items(rule.requestHeaders.length > 0 ? rule.requestHeaders : ['Accept']),
    AccessControlExposeHeaders: items(rule.exposedHeaders),
    ...(rule.maxAge !== undefined && { AccessControlMaxAgeSec: rule.maxAge }),
    OriginOverride: true,
  },
});

function notes(policy: CorsPolicy): StackNote[] {
  const lost = policy.rules.flatMap(one =>
    one.origins.patterns.map(pattern => pattern.declared).filter(declared => !isWildcard(declared)),
  );
  return [
    {
      text: 'CloudFront adds headers to answers, it does not answer a preflight: the server behind has to give OPTIONS a status of 200 to 299, and the cache behavior has to allow OPTIONS.',
      check: 'preflight-not-routed',
    },
    ...(lost.length > 0
      ? [
          {
            text: `Its wildcard stands for the leftmost label of a name only: ${lost.join(', ')} cannot be written.`,
            workaround: 'List the origins one by one, or use a CloudFront function on viewer responses.',
            check: 'origin-not-allowed',
          },
        ]
      : []),
    ...(policy.rules.length > 1
      ? [{ text: 'Each file is a policy by itself: attach it to the cache behavior of its path pattern.' }]
      : []),
  ];
}

export const cloudfront: Stack = {
  id: 'cloudfront',
  title: 'Amazon CloudFront',
  ecosystem: 'cloud',
  marks: {
    packages: [],
    headers: [
      ['x-amz-cf-id', /./],
      ['via', /cloudfront/i],
    ],
  },
  docs: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html',
  configure: policy => ({
    files: policy.rules.map(rule => ({
      path: `${rule.name}.json`,
      language: 'json',
      text: json(policyOf(rule)),
    })),
    notes: notes(policy),
  }),
  gettingStarted: {
    source:
      'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html#managed-response-headers-policies-cors',
    files: () => [
      {
        path: 'policy.json',
        language: 'json',
        text: json({
          Name: 'SimpleCORS',
          CorsConfig: {
            AccessControlAllowOrigins: items(['*']),
            AccessControlAllowCredentials: false,
            AccessControlAllowMethods: items(['GET', 'HEAD', 'OPTIONS']),
            AccessControlAllowHeaders: items(['*']),
            OriginOverride: false,
          },
        }),
      },
    ],
  },
  notProven: CLOUD,
};

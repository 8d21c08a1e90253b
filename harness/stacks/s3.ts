/** Amazon S3: the CORS rules of a bucket. */
import { CLOUD, json, onlyFirstRule } from './cloud-notes.ts';
import type { CorsPolicy, CorsRule } from './cors-policy.ts';
import type { Stack, StackNote } from './types.ts';

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'];

/** A pattern with one wildcard is taken as it is declared. */
const asWildcard = (declared: string): string | undefined =>
  /^[^*/]+:\/\/[^*]*\*[^*]*$/.test(declared) ? declared : undefined;

function rules({ rules: [rule] }: CorsPolicy): unknown[] {
  const { origins, methods, requestHeaders, exposedHeaders, maxAge } = rule;
  const wildcards = origins.patterns.flatMap(one => asWildcard(one.declared.replace('**', '*')) ?? []);
  return [
    {
      AllowedOrigins: origins.any ? ['*'] : [...origins.exact, ...wildcards],
      AllowedMethods: methods.filter(one => METHODS.includes(one)),
      AllowedHeaders: requestHeaders,
      ExposeHeaders: exposedHeaders,
      ...(maxAge !== undefined && { MaxAgeSeconds: maxAge }),
    },
  ];
}

function originNotes({ origins }: CorsRule): StackNote[] {
  const notes: StackNote[] = [];
  if (origins.patterns.some(one => asWildcard(one.declared.replace('**', '*')) !== undefined))
    notes.push({
      text: 'Its * stands for any text: names more than one label below the domain are allowed as well.',
      workaround: 'List the origins one by one.',
      check: 'origin-deep',
    });
  const lost = origins.patterns.filter(one => asWildcard(one.declared.replace('**', '*')) === undefined);
  if (lost.length > 0)
    notes.push({
      text: `It takes one * in an origin and no regular expressions: ${lost.map(one => one.declared).join(', ')} cannot be written.`,
      workaround: 'List the origins one by one.',
      check: 'origin-not-allowed',
    });
  return notes;
}

function notes(policy: CorsPolicy): StackNote[] {
  const [rule] = policy.rules;
  const found = [...onlyFirstRule(policy, 'the whole bucket'), ...originNotes(rule)];
  const methods = rule.methods.filter(one => !METHODS.includes(one));
  if (methods.length > 0)
    found.push({
      text: `A rule cannot name ${methods.join(', ')}: S3 has no such operation.`,
      check: 'method-not-allowed',
    });
  if (!rule.origins.any)
    found.push({
      text: 'Requests without Origin are answered without Vary: a cache may give a page the copy of an answer that has no CORS headers.',
      workaround:
        'Load it with the attribute crossorigin everywhere, or put CloudFront with a response headers policy in front.',
      check: 'vary-missing',
    });
  if (!rule.credentials && !rule.origins.any)
    found.push({
      text: 'Origins that a rule names are answered with Access-Control-Allow-Credentials: true; that cannot be turned off.',
      check: 'credentials-undeclared',
    });
  return found;
}

export const s3: Stack = {
  id: 's3',
  title: 'Amazon S3',
  ecosystem: 'cloud',
  aliases: ['aws-s3'],
  marks: {
    packages: [],
    headers: [
      ['server', /^AmazonS3$/i],
      ['x-amz-request-id', /./],
    ],
  },
  docs: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html',
  // aws s3api put-bucket-cors takes the list as the value of CORSRules.
  configure: policy => ({
    files: [{ path: 'cors.json', language: 'json', text: json({ CORSRules: rules(policy) }) }],
    notes: notes(policy),
  }),
  gettingStarted: {
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html',
    files: ({ rules: [rule] }) => [
      {
        path: 'cors.json',
        language: 'json',
        text: json({
          CORSRules: [
            {
              AllowedHeaders: ['*'],
              AllowedMethods: ['PUT', 'POST', 'DELETE'],
              AllowedOrigins: rule.origins.exact.slice(0, 1),
              ExposeHeaders: [],
            },
          ],
        }),
      },
    ],
  },
  notProven: CLOUD,
};

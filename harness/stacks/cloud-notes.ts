/** What services in a cloud that cannot be run here have in common. */
import type { CorsPolicy } from './cors-policy.ts';
import type { StackNote } from './types.ts';

/** Why no configuration of theirs is proven. */
export const CLOUD = 'it is a service in a cloud; nothing that can be installed here answers as it does';

/** For a service whose rules hold for all of it. */
export const onlyFirstRule = (policy: CorsPolicy, whole: string): StackNote[] =>
  policy.rules.length === 1
    ? []
    : [
        {
          text: `One configuration holds for ${whole}; this is the one of the first resource, and the other resources of the policy get it too.`,
          workaround: `Serve resources that allow something else from ${whole.replace(/^the whole/, 'another')}.`,
        },
      ];

/** JSON as it is pasted. */
export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Takes secrets out of whole records, once, before anything of them is written or printed. */

import type { Exchange } from '../wire/exchange.ts';
import {
  filler,
  isOpenHeader,
  isSecretName,
  isSecretParameter,
  redactExchange,
  redactHeader,
  redactUrl,
} from '../wire/redact.ts';
import { Secrets } from '../wire/secrets.ts';
import type { Result, RunRecord } from './record.ts';

/** Words of the format: they are never foreign text, and a record without them would be none. */
const FORMAT = new Set([
  'schema',
  'role',
  'end',
  'verdict',
  'outcome',
  'blockedAt',
  'engine',
  'class',
  'fault',
  'severity',
  'state',
  'settled',
]);

/**
 * A record fit to be published. In exchanges, headers, URLs and bodies lose what their names call secret; then every
 * text of the record loses the given secrets, however they are encoded, and what URLs in it carry. A record of
 * `verify` also loses, everywhere, what its exchanges hold of secrets: a finding may quote any of them.
 *
 * @param secrets what the configuration declares
 * @param onResult called after each result
 */
export function redactRecord(
  record: RunRecord,
  secrets: Secrets = new Secrets(),
  onResult: () => void = () => undefined,
): RunRecord {
  const known = secrets.copy();
  if (record.findings) {
    const { collect } = known;
    for (const { exchanges } of record.results)
      for (const exchange of exchanges) redactExchange(exchange as Exchange, collect);
    for (const { request, answer } of record.findings)
      for (const line of [...(request?.headers ?? []), ...(answer?.lines ?? [])]) redactHeader(line, collect);
  }
  const results = record.results.map(result => {
    const redacted = redactAll(redactExchanges(result), known);
    onResult();
    return redacted;
  });
  return { ...redactAll({ ...record, results: [] }, known), results };
}

/**
 * Any data with its secrets replaced: the given ones in every text, members' names among them, those of URLs, and the
 * values of pairs such as `['Authorization', …]` and `{ name: 'x-api-key', value: … }` that go by a secret name.
 */
export function redactAll<T>(value: T, secrets: Secrets = new Secrets()): T {
  // Members that are words belong to the format; others, such as a method and a path, are data.
  const memberOf = (name: string): string => (/[^\w-]/.test(name) ? redactUrl(secrets.hide(name)) : name);
  const visit = (item: unknown, key = ''): unknown => {
    if (typeof item === 'string') return FORMAT.has(key) ? item : redactUrl(secrets.hide(item));
    if (Array.isArray(item)) return visitList(item, key);
    if (typeof item !== 'object' || item === null) return item;
    if (key === 'cookies' || key === 'headers') return namedValues(item, key, visit);
    const secret = isNamed(item) && isSecretName(item.name);
    return mapped(item, memberOf, (one, name) =>
      secret && /^(?:value|before|after)$/.test(name) ? filled(one) : visit(one, name),
    );
  };
  const visitList = (list: readonly unknown[], key: string): readonly unknown[] => {
    const lines: readonly unknown[] = headerLine(list) ? redactHeader(list as [string, string]) : list;
    const visited = lines.map(one => visit(one, typeof one === 'string' ? key : ''));
    return visited.every((one, i) => one === list[i]) ? list : visited;
  };
  return visit(value) as T;
}

/** The same object where nothing of it changes, as is most of a record. */
function mapped(
  item: object,
  nameOf: (name: string) => string,
  map: (value: unknown, name: string) => unknown,
): object {
  const members = Object.entries(item);
  const made = members.map(([name, one]) => [nameOf(name), map(one, name)] as const);
  const isSame = made.every(([name, one], i) => name === members[i]?.[0] && one === members[i]?.[1]);
  return isSame ? item : Object.fromEntries(made);
}

/** The values in any data that go by a secret name: in header lines, in URLs, in pairs of name and value. */
export function secretsIn(value: unknown): Secrets {
  const secrets = new Secrets();
  const { collect } = secrets;
  const visit = (item: unknown): void => {
    if (typeof item === 'string') redactUrl(item, collect);
    if (typeof item !== 'object' || item === null) return;
    for (const line of linesOf(item)) redactHeader(line, collect);
    Object.values(item).forEach(visit);
  };
  visit(value);
  return secrets;
}

/** What an object or a list says in the manner of header lines, if its names are secret ones. */
function linesOf(item: object): (readonly [string, string])[] {
  if (Array.isArray(item)) return headerLine(item) ? [item as unknown as [string, string]] : [];
  const members = Object.entries(item).filter(([name]) => isSecretParameter(name));
  if (isNamed(item) && isSecretName(item.name)) {
    const { name, value, before, after } = item;
    members.push(...[value, before, after].flat().map((one): [string, unknown] => [name, one]));
  }
  return members.filter((line): line is [string, string] => typeof line[1] === 'string');
}

const isNamed = (item: object): item is Named => 'name' in item && typeof item.name === 'string';

interface Named {
  readonly name: string;
  readonly value?: unknown;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** The headers or cookies that a policy sends with its requests: a record of names and values. */
const namedValues = (item: object, key: 'cookies' | 'headers', visit: (item: unknown) => unknown) =>
  mapped(
    item,
    name => name,
    (value, name) => (key === 'headers' && isOpenHeader(name) ? visit(value) : filled(value)),
  );

const headerLine = (list: readonly unknown[]): boolean =>
  list.length === 2 && list.every(one => typeof one === 'string') && /^[\w-]+$/.test(list[0] as string);

function filled(item: unknown): unknown {
  if (typeof item === 'string') return filler(item);
  return Array.isArray(item) ? item.map(filled) : item;
}

function redactExchanges(result: Result): Result {
  const exchanges = result.exchanges.map(exchange => ({
    ...exchange,
    ...redactExchange(exchange as Exchange),
    step: exchange.step,
  }));
  return { ...result, exchanges: exchanges as Result['exchanges'] };
}

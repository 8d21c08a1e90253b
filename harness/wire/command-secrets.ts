/** Secrets in the command line of a server, also where a flag and its value are two words. */
import { type Fill, isSecretParameter, redactHeader, redactText } from './redact.ts';

const FLAG = /^--?([A-Za-z][\w.-]*)$/;
const HEADER_FLAG = /^(?:-H|--(?:proxy-)?header)$/;
const USER_FLAG = /^(?:-u|-U|--(?:proxy-)?user)$/;
/** Where a secret lies is none. */
const OF_FILE = /(?:file|path|dir|folder)$/i;
const FILE = /\.(?:pem|key|crt|cer|p12|pfx|jks|json|ya?ml|toml|ini|env|txt|[cm]?[jt]s|py)$/i;

/** The words of a shell command, without the quotes around them. */
function wordsOf(command: string): string[] {
  return (command.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+|["'\\]/g) ?? []).map(word =>
    word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g, (_all, double, single, plain) =>
      double === undefined ? (single ?? plain) : double.replace(/\\(["\\$`])/g, '$1'),
    ),
  );
}

/**
 * Finds the secrets in a command: what follows a flag whose name says that it is secret (`--token VALUE`), the header
 * behind `-H`, the password behind `-u user:`, `NAME=value` and `--name=value`, passwords in URLs, and all these in a
 * command inside, as behind `sh -c`.
 * @param command as a shell reads it, or its words
 * @param found called with each of them; what it returns is of no use here
 */
export function collectCommandSecrets(command: string | readonly string[], found: Fill): void {
  const words = typeof command === 'string' ? wordsOf(command) : command;
  for (const [i, word] of words.entries()) {
    if (!HEADER_FLAG.test(words[i - 1] ?? '')) redactText(word, found);
    if (/\s/.test(word) && (words.length > 1 || typeof command !== 'string'))
      collectCommandSecrets(word, found);
    const value = words[i + 1];
    if (value !== undefined && value !== '' && !FLAG.test(value)) collectValue(word, value, found);
  }
}

function collectValue(flag: string, value: string, found: Fill): void {
  const name = FLAG.exec(flag)?.[1];
  if (name === undefined) return;
  const colon = value.indexOf(':');
  if (HEADER_FLAG.test(flag)) {
    if (colon > 0) redactHeader([value.slice(0, colon), value.slice(colon + 1).trim()], found);
  } else if (USER_FLAG.test(flag)) {
    if (colon >= 0) found(value.slice(colon + 1));
  } else if (isSecretParameter(name) && !OF_FILE.test(name) && !FILE.test(value)) found(value);
}

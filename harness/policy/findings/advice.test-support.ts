/** What a fix advises, for tests that hold it against what the server sends. */
import type { Finding } from '../../verdict/finding.ts';

const LINE = /"([A-Za-z][A-Za-z-]*): ([^"]*)"/g;

/** Whether every line that a fix wants sent stands in the answer already, once: the advice would change nothing. */
export function advisesWhatIsSent({ fix = '', answer }: Pick<Finding, 'fix' | 'answer'>): boolean {
  const wanted = [...fix.matchAll(LINE)].map(([, name = '', value = '']) => [name.toLowerCase(), value]);
  if (!answer || wanted.length === 0) return false;
  return wanted.every(([name, value]) => {
    const sent = answer.lines.filter(([own]) => own.toLowerCase() === name);
    return sent.length === 1 && sent[0]?.[1] === value;
  });
}

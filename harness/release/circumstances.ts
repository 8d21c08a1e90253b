/** Why a build tool failed that is no fault of what is built: no place to write, no registry. */

const NO_PLACE = /read-only file system|permission denied|\bEROFS\b|\bEACCES\b/i;
const NO_NETWORK =
  /connection (?:refused|timed out)|no such host|could(?: not|n't) resolve host|network is unreachable|i\/o timeout|failed to connect|temporary failure in name resolution|Unknown host|Connect to \S+ failed/i;

/**
 * @param said what the tool says
 * @returns a sentence with a space before it; nothing if it is something else
 */
export function circumstance(said: string, tool: string): string {
  if (NO_PLACE.test(said))
    return ` ${tool} keeps what it needs below HOME: set HOME to a folder that can be written to.`;
  return NO_NETWORK.test(said)
    ? ` The registry cannot be reached: check the network and ${tool}'s settings.`
    : '';
}

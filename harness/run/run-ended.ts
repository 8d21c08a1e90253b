/** The run ended before a case did: nobody can tell how that would have ended, and it has no result. */
export class RunEnded extends Error {
  override readonly name = 'RunEnded';
}

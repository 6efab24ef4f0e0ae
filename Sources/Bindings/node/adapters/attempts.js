/**
 * Carries out the attempts of a started wake, one after the other, until the run is settled.
 *
 * `carryOut` runs one attempt as its plan says and gives the facts of its end, as `finish` takes
 * them. What it throws is an end too: the run is settled by it, or falls back, like by any other.
 * Gives the result of the last `finish`, and the error if the last attempt ended in one.
 */
export async function runAttempts(log, { attempt, fence, plan }, carryOut) {
  for (;;) {
    let facts;
    let error;
    try {
      facts = await carryOut(plan, { attempt, fence });
    } catch (thrown) {
      error = thrown;
      facts = {
        outcome: thrown?.name === 'AbortError' ? 'cancelled' : 'failed',
        message: String(thrown?.message ?? thrown),
        errorCode: typeof thrown?.code === 'string' && thrown.code !== '' ? thrown.code : undefined,
      };
    }
    const end = await log.finish({ attempt, fence, ...facts });
    if (end.settled) return { end, error };
    ({ attempt, plan } = end.next);
  }
}

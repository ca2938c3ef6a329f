/** Why a stream was refused, which EventSource does not tell. */

const FINAL = [401, 403, 404, 422];

/**
 * Ask the same address once more and look at the answer's head alone. Null when it is not refused now.
 *
 * `final` says that asking again as the same reader would be answered alike. A 401 with a ticket is not final, because
 * the next attempt has another one.
 */
export async function refusal(url) {
  const asking = new AbortController();
  try {
    const answer = await fetch(url, { signal: asking.signal, headers: { Accept: "application/json" } });
    if (answer.ok) {
      return null;
    }
    const said = await answer.json().catch(() => ({}));
    const ticketed = new URL(url, location.href).searchParams.has("token");
    const final = FINAL.includes(answer.status) && !(ticketed && answer.status === 401);
    return { status: answer.status, code: said.code ?? "refused", detail: said.detail ?? answer.statusText, final };
  } catch {
    return null; // no answer at all: that is an ordinary failure
  } finally {
    asking.abort();
  }
}

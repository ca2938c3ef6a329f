/** The REST API, for pages of the same origin. */

const PATIENCE_MS = 20_000;

/** What the API answered instead of a result. `status` is 0 when no answer came at all. */
export class ApiError extends Error {
  constructor({ status, code, detail }) {
    super(detail);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

/**
 * Speaks as whoever is logged in (session cookie and CSRF token), or as a `visitor` of the chat page by their token.
 * `workspace` is for members of several. Answers are parsed JSON, null for 204; everything else throws ApiError.
 */
export class Api {
  #base;
  #workspace;
  #visitor;

  constructor({ base = "/api/v1", workspace = "", visitor = "" } = {}) {
    this.#base = base;
    this.#workspace = workspace;
    this.#visitor = visitor;
  }

  /** `query` may hold lists; what is null, undefined or "" is left out. */
  get(path, query = {}, { signal } = {}) {
    return this.#ask("GET", path, query, { signal });
  }

  /** The same `idempotencyKey` does nothing twice: use it where a person may press again after an error. */
  post(path, body = {}, { idempotencyKey = "", signal } = {}) {
    const headers = { "Content-Type": "application/json" };
    if (idempotencyKey) {
      headers["Idempotency-Key"] = idempotencyKey;
    }
    return this.#ask("POST", path, {}, { headers, body: JSON.stringify(body), signal });
  }

  async #ask(method, path, query, { headers = {}, body, signal }) {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    let answer;
    let text;
    try {
      answer = await fetch(this.#url(path, query), {
        method,
        body,
        headers: { Accept: "application/json", ...this.#identity(method), ...headers },
        signal: signal ? AbortSignal.any([signal, patience]) : patience,
      });
      text = await answer.text();
    } catch (error) {
      if (signal?.aborted) {
        throw error;
      }
      throw new ApiError({ status: 0, code: "no_answer", detail: "The server does not answer." });
    }
    return read(answer, text);
  }

  #url(path, query) {
    const parameters = new URLSearchParams();
    const wanted = this.#workspace ? { ...query, workspace: this.#workspace } : query;
    for (const [name, value] of Object.entries(wanted)) {
      for (const one of [value].flat()) {
        if (one !== null && one !== undefined && one !== "") {
          parameters.append(name, one);
        }
      }
    }
    return parameters.size > 0 ? `${this.#base}${path}?${parameters}` : this.#base + path;
  }

  #identity(method) {
    if (this.#visitor) {
      return { Authorization: `Visitor ${this.#visitor}` };
    }
    return method === "GET" ? {} : { "X-CSRFToken": cookie("csrftoken") };
  }
}

function read(answer, text) {
  let said = null;
  try {
    said = text ? JSON.parse(text) : null;
  } catch {
    // A proxy's page, say. Its status tells enough.
  }
  if (answer.ok) {
    return said;
  }
  throw new ApiError({
    status: answer.status,
    code: said?.code ?? `http_${answer.status}`,
    detail: said?.detail ?? `The server answered ${answer.status}.`,
  });
}

/** Read each time: Django gives a new token at login. */
function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

// One error type for every failed call, so that pages can say what happened and what to do.

export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** 0 when no answer arrived at all. */
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId: string | null,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
  }

  get signedOut(): boolean {
    return this.status === 401;
  }

  get missing(): boolean {
    return this.status === 404;
  }

  /** The answer is unknown or temporary: the same call may succeed later. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function toApiError(response: Response, body: unknown): ApiError {
  const detail = errorDetail(body);
  const retryAfter = Number(response.headers.get("retry-after"));
  return new ApiError(
    response.status,
    detail?.code ?? `http_${response.status}`,
    detail?.message ?? fallbackMessage(response.status),
    detail?.request_id ?? response.headers.get("x-request-id"),
    retryAfter > 0 ? retryAfter : null,
  );
}

export function noAnswer(): ApiError {
  return new ApiError(0, "no_answer", "No answer from the server. Check your network.", null);
}

function errorDetail(body: unknown) {
  if (typeof body !== "object" || body === null || !("error" in body)) return null;
  const { error } = body;
  if (typeof error !== "object" || error === null) return null;
  const field = (name: string) => {
    const value: unknown = (error as Record<string, unknown>)[name];
    return typeof value === "string" ? value : undefined;
  };
  return { code: field("code"), message: field("message"), request_id: field("request_id") };
}

function fallbackMessage(status: number): string {
  if (status === 503) return "The service is busy for a moment.";
  return status >= 500 ? "Something failed on our side." : "The request was not accepted.";
}

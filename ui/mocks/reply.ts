import { HttpResponse } from "msw";

/** An error body as the platform sends it. */
export function refuse(status: number, code: string, message: string) {
  return HttpResponse.json(
    { error: { code, message, request_id: "req_01jd8w6q3v7k2m" } },
    { status },
  );
}

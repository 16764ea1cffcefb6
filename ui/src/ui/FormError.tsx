// Why a form was not accepted, above its button; the fields keep what was typed.
import type { ApiError } from "../api/errors.ts";
import { Notice } from "./Notice.tsx";

export function FormError({ error }: { error: ApiError | null }) {
  if (error === null) return null;
  return (
    <Notice tone="critical" title={error.temporary ? "That did not go through." : error.message}>
      {error.temporary && "Nothing was lost. Try again in a moment."}
      {error.status >= 500 && error.requestId && <> Request id {error.requestId}.</>}
    </Notice>
  );
}

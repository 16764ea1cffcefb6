// What a page shows instead of its content: first use, empty, error, no permission.
import { Button } from "@mantine/core";
import { IconAlertCircle, IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ApiError } from "../api/errors.ts";
import { CopyText } from "./CopyText.tsx";
import classes from "./States.module.css";

type EmptyProps = { title: string; children: ReactNode; action?: ReactNode; preview?: ReactNode };

export function EmptyState({ title, children, action, preview }: EmptyProps) {
  return (
    <section className={classes.state}>
      {preview}
      <h2 className={classes.title}>{title}</h2>
      <div className={`in-text ${classes.text}`}>{children}</div>
      {action && <div className={classes.action}>{action}</div>}
    </section>
  );
}

type ErrorProps = {
  error: unknown;
  what: string;
  /** Instead of what the error itself says to do. */
  advice?: string | undefined;
  onRetry?: () => void;
};

/** `what` completes "We could not ...". */
export function ErrorState({ error, what, advice, onRetry }: ErrorProps) {
  const api = error instanceof ApiError ? error : null;
  return (
    <section className={classes.state} role="alert">
      <IconAlertCircle className={classes.critical} size={20} aria-hidden="true" />
      <h2 className={classes.title}>We could not {what}</h2>
      <div className={classes.text}>
        <p>{advice ?? adviceOf(api)}</p>
        {api?.requestId && (
          <p className={classes.request}>
            Request id <CopyText text={api.requestId} what="request id" />
          </p>
        )}
      </div>
      {onRetry && (
        <div className={classes.action}>
          <Button variant="default" onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </section>
  );
}

export function NoPermission({ children }: { children: ReactNode }) {
  return (
    <section className={classes.state}>
      <IconLock className="quiet" size={20} aria-hidden="true" />
      <h2 className={classes.title}>Your role does not include this</h2>
      <div className={`in-text ${classes.text}`}>{children}</div>
    </section>
  );
}

function adviceOf(error: ApiError | null): string {
  if (error === null) return "Something failed in this page. Reload it to start afresh.";
  if (error.status === 0) return "No answer arrived. Check your network, then try again.";
  if (error.status === 503) {
    return "Your organisation is not reachable for a moment. Nothing is lost; try again in a few seconds.";
  }
  if (error.status === 403) return `${error.message} An owner or admin can grant this.`;
  if (error.status >= 500) {
    return "Something failed on our side. Nothing you did is lost. Try again; if it persists, send us the request id.";
  }
  return error.message;
}

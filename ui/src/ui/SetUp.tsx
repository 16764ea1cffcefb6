// A page on which something new begins: one form, for those who may, and the way back.
import { Button } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { sessionQuery } from "../api/session.ts";
import { type Action, can } from "../lib/permissions.ts";
import { AppLink, useGo } from "./AppLink.tsx";
import { Page } from "./Page.tsx";
import classes from "./SetUp.module.css";
import { NoPermission } from "./States.tsx";

type PageProps = {
  title: string;
  context: string;
  /** The list that it will be in. */
  list: { label: string; to: string };
  needs: Action;
  children: ReactNode;
};

export function SetUpPage({ title, context, list, needs, children }: PageProps) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  return (
    <Page
      narrow
      above={<AppLink to={list.to}>{list.label}</AppLink>}
      title={title}
      context={context}
    >
      {can(session.role, needs) ? (
        children
      ) : (
        <NoPermission>An owner or admin can add {list.label.toLowerCase()}.</NoPermission>
      )}
    </Page>
  );
}

type FormProps = {
  verb: string;
  ready: boolean;
  pending?: boolean;
  /** Where giving up leads to. */
  back: string;
  onSubmit: () => void;
  /** Below the buttons. */
  remark?: ReactNode;
  children: ReactNode;
};

export function SetUpForm({ verb, ready, pending, back, onSubmit, remark, children }: FormProps) {
  const go = useGo();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) onSubmit();
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      {children}
      <div className="row">
        <Button type="submit" disabled={!ready} loading={pending ?? false}>
          {verb}
        </Button>
        <Button variant="default" onClick={() => go(back)}>
          Cancel
        </Button>
      </div>
      {remark}
    </form>
  );
}

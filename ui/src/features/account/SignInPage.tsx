// Sign in, then on to the org and page one came from, or to the choice of orgs.
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { meQuery, signIn } from "../../api/account.ts";
import type { OrgSummary } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { frontDoor, safePath } from "../../lib/paths.ts";
import type { Search } from "../../lib/search.ts";
import { AppLink, split } from "../../ui/AppLink.tsx";
import { FormError } from "../../ui/FormError.tsx";
import { FormHeading, FrontFrame } from "../../ui/FrontFrame.tsx";
import { useTitle } from "../../ui/Page.tsx";

export function SignInPage() {
  useTitle("Sign in");
  const back: Search = useSearch({ strict: false });
  const queries = useQueryClient();
  const me = useQuery({ ...meQuery, retry: false });
  const [form, setForm] = useState({ email: "", password: "" });
  const login = useWrite(signIn, {
    onSuccess: () => queries.invalidateQueries({ queryKey: ["me"] }),
  });

  if (me.data) return <Navigate {...split(next(me.data.orgs, back))} replace />;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    login.mutate(form);
  };

  return (
    <FrontFrame preview>
      <FormHeading title="Sign in">
        {back.org ? `Then back to ${back.org}.` : undefined}
      </FormHeading>
      <form className="stack" onSubmit={submit}>
        <TextInput
          label="Email"
          type="email"
          required
          withAsterisk={false}
          autoComplete="username"
          autoFocus
          value={form.email}
          onChange={(event) => setForm({ ...form, email: event.currentTarget.value })}
        />
        <PasswordInput
          label="Password"
          required
          withAsterisk={false}
          autoComplete="current-password"
          value={form.password}
          onChange={(event) => setForm({ ...form, password: event.currentTarget.value })}
          visibilityToggleButtonProps={{ "aria-label": "Show or hide the password" }}
        />
        <FormError error={login.error} />
        <Button type="submit" loading={login.isPending} fullWidth>
          Sign in
        </Button>
        <p className="small quiet">
          New here? <AppLink to={frontDoor.signUp()}>Create an account</AppLink>
        </p>
      </form>
    </FrontFrame>
  );
}

function next(orgs: readonly OrgSummary[], back: Search): string {
  const wanted = orgs.find((org) => org.slug === back.org);
  return wanted ? frontDoor.openOrg(wanted.org_id, safePath(back.path)) : frontDoor.orgs();
}

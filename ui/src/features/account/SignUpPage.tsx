// Step 1: the account. It exists from here on, so the rest can be finished on another device.
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type NewAccount, signUp } from "../../api/account.ts";
import { useWrite } from "../../api/write.ts";
import { frontDoor } from "../../lib/paths.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { FormError } from "../../ui/FormError.tsx";
import { FormHeading, FrontFrame } from "../../ui/FrontFrame.tsx";
import { Steps } from "../../ui/Steps.tsx";

export function SignUpPage() {
  const go = useGo();
  const queries = useQueryClient();
  const [form, setForm] = useState<NewAccount>({ name: "", email: "", password: "" });
  const [checked, setChecked] = useState(false);
  const create = useWrite(signUp, {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["me"] });
      go(frontDoor.signUpOrganisation());
    },
  });
  const problems = checked ? validate(form) : {};
  const taken = create.error?.code === "email_taken";
  const set = (field: keyof NewAccount) => (event: { currentTarget: { value: string } }) =>
    setForm({ ...form, [field]: event.currentTarget.value });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (Object.keys(validate(form)).length === 0) create.mutate(form);
  };

  return (
    <FrontFrame preview steps={<Steps current="Account" />}>
      <FormHeading title="Create your account">
        Your pacing, from your own Display &amp; Video 360, in a few minutes.
      </FormHeading>
      <form className="stack" onSubmit={submit} noValidate>
        <TextInput
          label="Name"
          autoComplete="name"
          value={form.name}
          onChange={set("name")}
          error={problems.name}
          autoFocus
        />
        <TextInput
          label="Work email"
          type="email"
          autoComplete="email"
          value={form.email}
          onChange={set("email")}
          error={
            taken ? (
              <>
                There is already an account with this email.{" "}
                <AppLink to={frontDoor.signIn()}>Sign in</AppLink>
              </>
            ) : (
              problems.email
            )
          }
        />
        <PasswordInput
          label="Password"
          description="At least 8 characters"
          autoComplete="new-password"
          value={form.password}
          onChange={set("password")}
          error={problems.password}
          visibilityToggleButtonProps={{ "aria-label": "Show or hide the password" }}
        />
        <FormError error={taken ? null : create.error} />
        <Button type="submit" loading={create.isPending} fullWidth>
          Create account
        </Button>
        <p className="small quiet">
          Already have an account? <AppLink to={frontDoor.signIn()}>Sign in</AppLink>
        </p>
      </form>
    </FrontFrame>
  );
}

function validate(form: NewAccount): Partial<Record<keyof NewAccount, string>> {
  return {
    ...(form.name.trim() === "" ? { name: "Enter your name." } : {}),
    ...(/^\S+@\S+\.\S+$/.test(form.email) ? {} : { email: "Enter an email address." }),
    ...(form.password.length < 8 ? { password: "Use at least 8 characters." } : {}),
  };
}

// Step 2: the organisation and its address. Provisioning starts when this is sent.
import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { createOrg, slugQuery } from "../../api/orgs.ts";
import { useWrite } from "../../api/write.ts";
import { orgAddressSuffix } from "../../lib/host.ts";
import { frontDoor } from "../../lib/paths.ts";
import { slugFrom } from "../../lib/slug.ts";
import { useGo } from "../../ui/AppLink.tsx";
import { FormError } from "../../ui/FormError.tsx";
import { FrontAccount } from "../../ui/FrontAccount.tsx";
import { FormHeading, FrontFrame } from "../../ui/FrontFrame.tsx";
import { SignedIn } from "../../ui/SignedIn.tsx";
import { Steps } from "../../ui/Steps.tsx";
import classes from "./OrganisationPage.module.css";
import { SlugVerdict } from "./SlugVerdict.tsx";

export function OrganisationPage() {
  return (
    <SignedIn>
      {(me) => (
        <FrontFrame
          preview
          steps={<Steps current="Organisation" />}
          corner={<FrontAccount user={me.user} />}
        >
          <FormHeading title="Name your organisation">
            Usually your agency or company. It gets its own address and its own isolated home.
          </FormHeading>
          <OrganisationForm />
        </FrontFrame>
      )}
    </SignedIn>
  );
}

function OrganisationForm() {
  const go = useGo();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [typed, setTyped] = useState<string | null>(null);
  const slug = typed ?? slugFrom(name);
  const [settled] = useDebouncedValue(slug, 250);
  const verdict = useQuery(slugQuery(settled));
  const answer = settled === slug ? verdict.data : undefined;
  const create = useWrite(createOrg, {
    onSuccess: (org) => {
      void queries.invalidateQueries({ queryKey: ["me"] });
      go(frontDoor.openOrg(org.org_id, "/onboarding/connect"));
    },
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "" && slug !== "" && answer?.available !== false) {
      create.mutate({ name: name.trim(), slug });
    }
  };

  return (
    <form className="stack" onSubmit={submit}>
      <TextInput
        label="Organisation name"
        autoComplete="organization"
        placeholder="Acme Media"
        required
        withAsterisk={false}
        autoFocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div>
        <TextInput
          label="Address"
          required
          withAsterisk={false}
          spellCheck={false}
          autoCapitalize="none"
          autoComplete="off"
          value={slug}
          onChange={(event) => setTyped(event.currentTarget.value.toLowerCase())}
          error={answer?.available === false}
          rightSection={<span className={classes.suffix}>{orgAddressSuffix(location)}</span>}
          rightSectionWidth="auto"
          rightSectionPointerEvents="none"
          aria-describedby="slug-verdict"
        />
        <div id="slug-verdict" className={classes.verdict} aria-live="polite">
          <SlugVerdict
            slug={slug}
            answer={answer}
            failed={verdict.isError}
            onTake={(suggestion) => setTyped(suggestion)}
          />
        </div>
      </div>
      <FormError error={create.error} />
      <Button
        type="submit"
        loading={create.isPending}
        disabled={answer?.available === false}
        fullWidth
      >
        Create organisation
      </Button>
    </form>
  );
}

// The org's own limits. The platform's hold beside them, so an empty field is the platform's.
import { Button, Modal, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, Fragment, useState } from "react";
import { type Limits, saveBudgets } from "../../api/budgets.ts";
import type { Budgets } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { FormError } from "../../ui/FormError.tsx";
import classes from "./Budgets.module.css";
import { type Fields, fromField, problemOf, resourceOf, toField } from "./resources.ts";

type Props = { budgets: Budgets; onClose: () => void };

export function EditBudgets({ budgets, onClose }: Props) {
  const queries = useQueryClient();
  const [form, setForm] = useState<Record<string, Fields>>(() =>
    Object.fromEntries(
      budgets.items.map(({ resource, own }) => [
        resource,
        { soft: toField(own.soft, resource), hard: toField(own.hard, resource) },
      ]),
    ),
  );
  const save = useWrite(saveBudgets, {
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["budgets"] });
      onClose();
    },
  });
  const fields = Object.entries(form);
  const sound = fields.every(([resource, own]) => problemOf(own, resource) === null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!sound) return;
    const limits = fields.map(([resource, { soft, hard }]) => [
      resource,
      { soft: fromField(soft, resource) ?? null, hard: fromField(hard, resource) ?? null },
    ]);
    save.mutate(Object.fromEntries(limits) as Limits);
  };
  const change = (resource: string, part: Partial<Fields>) =>
    setForm((now) => ({
      ...now,
      [resource]: { ...(now[resource] ?? { soft: "", hard: "" }), ...part },
    }));
  return (
    <Modal opened onClose={onClose} title="Limits" size="lg" centered>
      <form className="stack" onSubmit={submit}>
        <p className="quiet">
          At the first number backfills wait, at the second all reading does. An empty field leaves
          it to the platform, whose limits hold in any case.
        </p>
        <div className={classes.fields}>
          {fields.map(([resource, own]) => {
            const { label, meaning, unitWord } = resourceOf(resource);
            return (
              <Fragment key={resource}>
                <div className={classes.what}>
                  <strong>{label}</strong>
                  <p>{meaning}</p>
                </div>
                <TextInput
                  label={`Warn at (${unitWord})`}
                  inputMode="decimal"
                  value={own.soft}
                  error={problemOf(own, resource)}
                  onChange={(event) => change(resource, { soft: event.currentTarget.value })}
                />
                <TextInput
                  label={`Limit (${unitWord})`}
                  inputMode="decimal"
                  value={own.hard}
                  onChange={(event) => change(resource, { hard: event.currentTarget.value })}
                />
              </Fragment>
            );
          })}
        </div>
        <FormError error={save.error} />
        <div className="row">
          <Button type="submit" disabled={!sound} loading={save.isPending}>
            Save limits
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Modal>
  );
}

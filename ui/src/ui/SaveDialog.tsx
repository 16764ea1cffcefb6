// The last look before a change takes effect: what differs, and a word on why.
import { Button, Modal, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { ApiError } from "../api/errors.ts";
import type { Change } from "../lib/json-changes.ts";
import { ChangesList } from "./ChangesList.tsx";
import { FormError } from "./FormError.tsx";

type Props = {
  opened: boolean;
  onClose: () => void;
  title: string;
  verb: string;
  changes: readonly Change[];
  /** What it says where nothing differs. */
  none?: string | undefined;
  comment?: string;
  error: ApiError | null;
  pending: boolean;
  onSave: (comment: string) => void;
};

const LONGEST = 200;

export function SaveDialog(props: Props) {
  const { opened, onClose, title, verb, changes, error, pending, onSave } = props;
  const none = props.none ?? "Nothing differs from what is in force.";
  const [comment, setComment] = useState(props.comment ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (comment.trim() !== "") onSave(comment.trim());
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="lg" centered>
      <form className="stack" onSubmit={submit}>
        <ChangesList changes={changes} none={none} />
        <TextInput
          label="Comment"
          description="Why, for whoever reads the history."
          maxLength={LONGEST}
          required
          withAsterisk={false}
          data-autofocus
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        <FormError error={error} />
        <div className="row">
          <Button type="submit" loading={pending} disabled={comment.trim() === ""}>
            {verb}
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Modal>
  );
}

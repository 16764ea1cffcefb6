// Says whether the address is free, why not, and offers one that is.
import { IconCheck, IconX } from "@tabler/icons-react";
import type { SlugAnswer } from "../../api/types.ts";
import classes from "./OrganisationPage.module.css";

const REASONS: Record<NonNullable<SlugAnswer["reason"]>, string> = {
  taken: "This address is taken.",
  reserved: "This address is reserved.",
  invalid: "Use 3 to 32 letters, digits and hyphens, beginning with a letter.",
  confusable: "This looks too much like another address.",
};

type Props = {
  slug: string;
  answer: SlugAnswer | undefined;
  failed: boolean;
  onTake: (slug: string) => void;
};

export function SlugVerdict({ slug, answer, failed, onTake }: Props) {
  if (slug === "") return "Letters, digits and hyphens.";
  if (failed) return "Could not check the address just now; it is checked again when you continue.";
  if (answer === undefined) return "Checking…";
  if (answer.available) {
    return (
      <span className={classes.free}>
        <IconCheck size={14} aria-hidden="true" /> Available
      </span>
    );
  }
  return (
    <span className={classes.refused}>
      <IconX size={14} aria-hidden="true" />
      <span>
        {answer.message ??
          (answer.reason ? REASONS[answer.reason] : "This address cannot be used.")}{" "}
        {answer.suggestion && (
          <button
            type="button"
            className={classes.take}
            onClick={() => onTake(answer.suggestion ?? slug)}
          >
            Use {answer.suggestion}
          </button>
        )}
      </span>
    </span>
  );
}

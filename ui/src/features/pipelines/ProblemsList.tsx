// Each problem with its line and path; one click or Enter leads to it.
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { plural } from "../../lib/dates.ts";
import classes from "./ProblemsList.module.css";
import type { PlacedProblem } from "./problems.ts";

type Props = {
  id: string;
  problems: readonly PlacedProblem[];
  /** The text was changed and the answer to it is not here yet. */
  checking: boolean;
  onJump: (problem: PlacedProblem) => void;
};

export function ProblemsList({ id, problems, checking, onJump }: Props) {
  const Icon = problems.length === 0 ? IconCircleCheck : IconCircleX;
  return (
    <section className={classes.box} aria-label="Problems">
      <p
        id={id}
        className={classes.verdict}
        data-bad={problems.length > 0 || undefined}
        aria-live="polite"
      >
        <Icon size={16} aria-hidden="true" />
        {problems.length > 0 ? plural(problems.length, "problem") : "No problems"}
        {checking && <span className="quieter">Checking</span>}
      </p>
      {problems.length > 0 && (
        <ul className={classes.list}>
          {problems.map((problem) => (
            <li key={`${problem.path} ${problem.message}`}>
              <button type="button" className={classes.problem} onClick={() => onJump(problem)}>
                <span className={classes.where}>
                  Line {problem.place.line}
                  {problem.path !== "" && <code>{problem.path}</code>}
                </span>
                {problem.message}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

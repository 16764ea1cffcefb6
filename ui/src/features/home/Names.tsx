// How many names keep to what was agreed.
import { useQuery } from "@tanstack/react-query";
import { complianceQuery } from "../../api/naming.ts";
import { count } from "../../lib/money.ts";
import { org } from "../../lib/paths.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Section } from "../../ui/Section.tsx";
import classes from "./Home.module.css";

/** Silent until there is something to say: a convention is a choice, and its page says what fails. */
export function Names() {
  const compliance = useQuery(complianceQuery(undefined));
  const total = compliance.data?.total;
  if (total === undefined || total.names === 0) return null;
  const wrong = total.checked - total.compliant;
  return (
    <Section title="Names">
      {total.checked === 0 ? (
        <p className="in-text small">
          No naming convention yet.{" "}
          <AppLink to={org.learnNames()}>Learn one from your names</AppLink>
        </p>
      ) : (
        <ul className={classes.figures}>
          <li className={classes.figure}>
            <strong className="num">{total.percent} %</strong>
            <span className="quiet small num">
              right of {count(total.checked)} that are checked
              {wrong > 0 && (
                <>
                  ; <AppLink to={org.names({})}>{count(wrong)} wrong</AppLink>
                </>
              )}
            </span>
          </li>
        </ul>
      )}
    </Section>
  );
}

// One line above the content that says what is special about it right now.
import { IconAlertTriangle, IconCircleX, IconInfoCircle, IconLoader2 } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Notice.module.css";

const ICONS = {
  info: IconInfoCircle,
  working: IconLoader2,
  attention: IconAlertTriangle,
  critical: IconCircleX,
};

type Props = { tone: keyof typeof ICONS; title: string; children?: ReactNode; action?: ReactNode };

export function Notice({ tone, title, children, action }: Props) {
  const Icon = ICONS[tone];
  return (
    <div
      className={classes.notice}
      data-tone={tone}
      role={tone === "critical" ? "alert" : "status"}
    >
      <Icon size={16} className={classes.icon} aria-hidden="true" />
      <div className={`in-text ${classes.text}`}>
        <strong>{title}</strong> {children}
      </div>
      {action && <div className={classes.action}>{action}</div>}
    </div>
  );
}

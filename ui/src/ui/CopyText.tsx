// A copyable id. The word changes for a moment, so nobody wonders whether it worked.
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import classes from "./CopyText.module.css";

export function CopyText({ text, what }: { text: string; what: string }) {
  const clipboard = useClipboard({ timeout: 1500 });
  const Icon = clipboard.copied ? IconCheck : IconCopy;
  return (
    <button
      type="button"
      className={classes.copy}
      onClick={() => clipboard.copy(text)}
      aria-label={clipboard.copied ? `Copied ${what}` : `Copy ${what} ${text}`}
    >
      <code>{text}</code>
      <Icon size={14} aria-hidden="true" />
    </button>
  );
}

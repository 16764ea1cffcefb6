import { instant, relative } from "../lib/dates.ts";

/** "3 hours ago", with the exact instant on hover. */
export function RelativeTime({ at }: { at: string }) {
  return (
    <time dateTime={at} title={instant(at)}>
      {relative(at, new Date())}
    </time>
  );
}

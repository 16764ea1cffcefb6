// Rows of a table that is loading: as many as are likely, each cell as wide as what comes.
import { Skeleton } from "@mantine/core";

export function GhostRows({ rows, widths }: { rows: number; widths: readonly number[] }) {
  return Array.from({ length: rows }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a ghost is known by its place
    <tr key={row}>
      {widths.map((width, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a ghost is known by its place
        <td key={at}>
          <Skeleton height={10} width={width} />
        </td>
      ))}
    </tr>
  ));
}

// Daily spend as bars from zero; the shape matters, the figures are in the columns beside it.
const WIDTH = 70;
const HEIGHT = 20;

export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const top = Math.max(...values, 1);
  const step = WIDTH / Math.max(values.length, 1);
  return (
    <svg width={WIDTH} height={HEIGHT} role="img" aria-label={label} style={{ display: "block" }}>
      {values.map((value, index) => {
        const height = value > 0 ? Math.max(1.5, (value / top) * HEIGHT) : 1;
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is a day, its place is its identity
            key={index}
            x={index * step}
            y={HEIGHT - height}
            width={Math.max(1, step - 1.5)}
            height={height}
            rx="0.5"
            fill={value > 0 ? "var(--accent)" : "var(--line-strong)"}
            opacity={index === values.length - 1 ? 1 : 0.55}
          />
        );
      })}
    </svg>
  );
}

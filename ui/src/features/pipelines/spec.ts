// A pipeline's spec, as the cell publishes it at /api/pipelines/schema.
export type Drift = "evolve" | "freeze" | "quarantine";
export type Severity = "warn" | "quarantine";

export type Column = {
  name: string;
  ask?: string | null;
  headers: string[];
  role: "dimension" | "metric";
  kind: string;
  to: string;
  required?: boolean;
};

export type Source =
  | { connector: "dv360"; report_type: string; filters?: { name: string; value: string }[] }
  | { connector: "file_drop"; file: FileShape };

export type FileShape = {
  dsp: string;
  name_pattern: string;
  format: string;
  delimiter?: string;
  skip_lines?: number;
  totals?: "none" | "last_row";
  decimal_separator?: string;
  date_format?: string;
  currency?: string | null;
};

export type Rule =
  | { check: "not_negative" | "not_null" | "went_to_zero"; column: string; severity: Severity }
  | { check: "at_most"; column: string; other: string; severity: Severity }
  | { check: "fewer_rows"; percent: number; severity: Severity };

export type Spec = {
  pipeline: string;
  version: number;
  title: string;
  description: string;
  dataset: string;
  source: Source;
  columns: Column[];
  schedule: { every_hours: number; not_before_hour?: number };
  window: { first_days: number; look_back_days: number; month_close_day: number };
  contract: { new_column: Drift; missing_column: Drift; retyped_column: Drift };
  quality?: Rule[];
  retention: { bronze_days: number; silver_days: number };
  budget?: {
    calls_per_day?: number | null;
    rows_per_day?: number | null;
    bytes_per_day?: number | null;
  };
};

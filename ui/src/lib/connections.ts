// What people call a connection, and what kind of source it stands for.
type Kind = { connector: string };
type Known = Kind & { name?: string | null; account_email?: string | null };

export function connectionName(connection: Known): string {
  const { name, account_email: account } = connection;
  return name ?? account ?? (isDrop(connection) ? "Delivered files" : "DV360 account");
}

/** Files are delivered to it; nobody is asked and nobody consents. */
export function isDrop({ connector }: Kind): boolean {
  return connector === "file_drop";
}

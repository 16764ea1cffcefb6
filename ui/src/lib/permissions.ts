// What the interface offers to each role. The cell decides; this only avoids dead buttons.
export type Role = "owner" | "admin" | "analyst" | "viewer";
export type Action = "manage connections" | "manage pipelines" | "manage settings" | "start sync";

export function can(role: Role, action: Action): boolean {
  if (role === "owner" || role === "admin") return true;
  return role === "analyst" && action === "start sync";
}

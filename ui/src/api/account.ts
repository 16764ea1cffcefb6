// Signing up, in and out, on the front door.
import { queryOptions } from "@tanstack/react-query";
import { globalApi, idempotent, unwrap } from "./client.ts";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => unwrap(globalApi.GET("/api/me", { signal })),
});

export type NewAccount = { email: string; password: string; name: string };

export const signUp = (body: NewAccount, key: string) =>
  unwrap(globalApi.POST("/api/signup", { params: { header: idempotent(key) }, body }));

export const signIn = (body: { email: string; password: string }) =>
  unwrap(globalApi.POST("/api/login", { body }));

export const signOut = () => unwrap(globalApi.POST("/api/logout"));
